/** The path of a Chromium to run, or undefined when there is none. `CHROME_PATH` goes first. */
export function findChromium(): string | undefined;

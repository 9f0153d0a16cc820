/** The path of a Chromium to run, or undefined when there is none. `CHROME_PATH` goes first. */
export function findChromium(): string | undefined;

/** What playwright starts it with: as root, and without asking the network for anything of its own. */
export function chromiumLaunch(): { executablePath: string; args: string[] };

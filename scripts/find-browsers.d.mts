/** The path of a Chromium to run, or undefined when there is none. `CHROME_PATH` comes first. */
export function findChromium(): string | undefined;

/** The path of a Firefox to run, or undefined when there is none. `FIREFOX_PATH` comes first. */
export function findFirefox(): string | undefined;

/** WebKitGTK: its driver, its browser and the display that it needs. Undefined unless all of them are installed. */
export function findWebKit(): { driver: string; display: string; browser: string } | undefined;

/** Launch options for playwright: they let Chromium run as root, and keep it from using the network by itself. */
export function chromiumLaunch(): { executablePath: string; args: string[] };

// The Chromium that the browser tests run in. As a script (`npm test` runs it first) it installs one where it can.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CANDIDATES = [
  '/usr/bin/chromium',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The path of a Chromium to run, or undefined when there is none. `CHROME_PATH` goes first. */
export function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return [process.env.CHROME_PATH, ...CANDIDATES]
    .filter((candidate) => candidate !== undefined && candidate !== '')
    .flatMap((candidate) => (isAbsolute(candidate) ? candidate : folders.map((folder) => join(folder, candidate))))
    .find(isExecutable);
}

/** What playwright starts it with: as root, and without asking the network for anything of its own. */
export function chromiumLaunch() {
  return {
    // Named even where there is none: playwright's message then says what is missing and does not offer a download.
    executablePath: findChromium() ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian's own package: its mirror is reachable where the browser vendors' download hosts are not. */
function installFromDebian() {
  const apt = (/** @type {string[]} */ ...args) =>
    execFileSync('apt-get', args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'chromium');
}

function main() {
  if (findChromium() === undefined && isExecutable('/usr/bin/apt-get') && process.getuid?.() === 0) {
    console.log('No Chromium here: installing the one of Debian.');
    try {
      installFromDebian();
    } catch (error) {
      console.error(`apt-get failed: ${error instanceof Error ? error.message : error}`);
    }
  }
  const path = findChromium();
  if (path !== undefined) {
    console.log(`Chromium: ${path}`);
    return;
  }
  console.error(
    'The browser tests need a Chromium. Do one of these, then run npm test again:\n' +
      '  sudo apt-get install -y chromium     (Debian, Ubuntu)\n' +
      '  export CHROME_PATH=/path/to/chrome   (one you have; Chrome and Edge will do)\n' +
      'Without one, run the others: npx vitest run --project unit --project integration',
  );
  process.exit(1);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();

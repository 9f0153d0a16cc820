// Finds the browsers that the tests run in, and Janus and coturn, through which they call. As a script (`npm test` runs it first) it installs
// what is missing where it can.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync, realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHROMIUMS = [
  '/usr/bin/chromium',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const FIREFOXES = [
  '/usr/bin/firefox-esr',
  'firefox',
  'firefox-esr',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
];

/** The path of a Chromium to run, or undefined when there is none. `CHROME_PATH` comes first. */
export function findChromium() {
  return findExecutable([process.env.CHROME_PATH, ...CHROMIUMS]);
}

/** The path of a Firefox to run, or undefined when there is none. `FIREFOX_PATH` comes first. */
export function findFirefox() {
  return findExecutable([process.env.FIREFOX_PATH, ...FIREFOXES]);
}

/** WebKitGTK: its driver, its browser and the display that it needs. Undefined unless all of them are installed. */
export function findWebKit() {
  const driver = findExecutable(['WebKitWebDriver']);
  const display = findExecutable(['Xvfb']);
  const browser = findExecutable(
    foldersIn('/usr/lib').flatMap((folder) =>
      foldersIn(folder)
        .filter((inner) => /\/webkit2gtk-[\d.]+$/.test(inner))
        .map((inner) => join(inner, 'MiniBrowser')),
    ),
  );
  return driver && display && browser ? { driver, display, browser } : undefined;
}

/** Launch options for playwright: they let Chromium run as root, and keep it from using the network by itself. */
export function chromiumLaunch() {
  return {
    // A path even if there is no Chromium: playwright's message then names what is missing, and offers no download.
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

/** @param {readonly (string | undefined)[]} candidates absolute paths, or names to look up in `PATH` */
function findExecutable(candidates) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return candidates
    .filter((candidate) => candidate !== undefined && candidate !== '')
    .flatMap((candidate) => (isAbsolute(candidate) ? candidate : folders.map((folder) => join(folder, candidate))))
    .find(isExecutable);
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

/** @param {string} path */
function foldersIn(path) {
  try {
    return readdirSync(path).map((name) => join(path, name));
  } catch {
    // Not a folder, or not on this system.
    return [];
  }
}

/** The browsers of the tests, Janus and coturn. The Debian packages come from Debian's mirror, which is reachable where browser vendors' hosts are not. */
const PROGRAMS = [
  { name: 'Chromium', packages: ['chromium'], isRequired: true, find: findChromium },
  { name: 'Firefox', packages: ['firefox-esr'], isRequired: false, find: findFirefox },
  {
    name: 'WebKit',
    packages: ['webkit2gtk-driver', 'xvfb'],
    isRequired: false,
    find: () => findWebKit()?.browser,
  },
  // The tests of calls start both by themselves. Debian's Janus also starts as a service, where there is systemd.
  { name: 'Janus', packages: ['janus'], isRequired: false, find: () => findExecutable(['/usr/bin/janus']) },
  { name: 'coturn', packages: ['coturn'], isRequired: false, find: () => findExecutable(['/usr/bin/turnserver']) },
];

/** @param {readonly string[]} args */
function aptGet(...args) {
  try {
    execFileSync('apt-get', args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  } catch (error) {
    console.error(`apt-get failed: ${error instanceof Error ? error.message : error}`);
  }
}

function main() {
  const missing = PROGRAMS.filter(({ find }) => find() === undefined);
  if (missing.length > 0 && isExecutable('/usr/bin/apt-get') && process.getuid?.() === 0) {
    console.log(`Installing from Debian: ${missing.map(({ name }) => name).join(', ')}`);
    aptGet('update');
    // One by one: one that cannot be installed does not prevent the others.
    for (const { packages } of missing) aptGet('install', '-y', '--no-install-recommends', ...packages);
  }
  for (const { name, packages, isRequired, find } of PROGRAMS) {
    const path = find();
    const command = `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
    if (path !== undefined) console.log(`${name}: ${path}`);
    else if (!isRequired) console.log(`${name}: skipped: not installed (${command})`);
    else {
      console.error(
        'The browser tests need a Chromium. Do one of these, then run npm test again:\n' +
          `  ${command}     (Debian, Ubuntu)\n` +
          '  export CHROME_PATH=/path/to/chrome     (one that you have; Chrome and Edge work, too)\n' +
          'To run the other tests without one: npx vitest run --project unit --project integration',
      );
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();

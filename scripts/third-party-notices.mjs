// Part of `npm run build`, used by rollup.config.mjs: dist/THIRD-PARTY-NOTICES.txt names every package whose code is in dist, with
// its licence. The minified files hold no comments, so this file is where the licences are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of a package and the rest of the id of one of its modules. Plugins put a NUL before an id, and a query behind it. */
const PACKAGE_FOLDER = /^\0?((?:.*[\\/])?node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;

/** Modules that a plugin makes out of a package: Babel writes its helpers into the legacy file. */
const MADE_OF = { '\0rollupPluginBabelHelpers.js': 'node_modules/@babel/helpers/package.json' };

/** Packages whose second licence is only in the first comment of a module. */
const LICENSED_IN_COMMENT = { pako: 'lib/zlib/inflate.js' };

const LICENCE_FILES = /^(licen[cs]e|copying|notice)\b/i;

const RULE = `${'-'.repeat(80)}\n`;

const HEADING = `The files in this folder contain code of the packages below.\n`;

/**
 * A step of a rollup build that collects the packages of its outputs. The builds of one run share it, and after each build the
 * file is written with what is known so far.
 */
export function thirdPartyNotices(file) {
  const folders = new Set();
  return {
    name: 'third-party-notices',
    generateBundle(_, bundle) {
      for (const { modules = {} } of Object.values(bundle)) {
        for (const id of Object.keys(modules)) {
          const folder = packageFolder(id);
          if (folder !== undefined) folders.add(folder);
        }
      }
    },
    writeBundle() {
      const notices = new Map([...folders].map(noticeOf));
      const sorted = [...notices].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, notice]) => notice);
      writeFileSync(file, [HEADING, ...sorted].join(`\n${RULE}\n`));
    },
  };
}

function packageFolder(id) {
  const [, folder] = PACKAGE_FOLDER.exec(MADE_OF[id] ?? id) ?? [];
  return folder;
}

/** @returns the name of the package with its version, and what the file says of it. */
function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readText(folder, 'package.json'));
  const texts = readdirSync(folder)
    .filter((entry) => LICENCE_FILES.test(entry))
    .sort()
    .map((entry) => readText(folder, entry));
  const commented = LICENSED_IN_COMMENT[name];
  if (commented) texts.push(firstComment(readText(folder, commented)));
  if (!license || texts.length === 0) {
    throw new Error(`${name} is bundled, and has no licence: its package.json must name one, with a LICENSE beside it`);
  }
  return [`${name} ${version}`, `${name} ${version}\nLicence: ${license}\n\n${texts.join('\n\n')}\n`];
}

function readText(folder, file) {
  return readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim();
}

/** @returns the lines of the first comment, without their slashes. */
function firstComment(code) {
  const [comment] = /^(\/\/.*\n)+/m.exec(code);
  return comment.replace(/^\/\/ ?/gm, '').trim();
}

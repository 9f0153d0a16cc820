// Puts the version of package.json into the source, where the client reads it. `npm run release:version` runs it.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const pathOf = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const { version } = JSON.parse(readFileSync(pathOf('package.json'), 'utf8'));
const file = pathOf('src/util/version.ts');
const source = readFileSync(file, 'utf8');
const changed = source.replace(/VERSION = '[^']*'/, `VERSION = '${version}'`);
if (!changed.includes(`VERSION = '${version}'`)) throw new Error('src/util/version.ts has no version');
writeFileSync(file, changed);

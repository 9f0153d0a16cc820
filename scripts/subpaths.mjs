// Part of `npm run build`: a folder with a package.json for each subpath of package.json's "exports", so that tools that do not
// read "exports" (webpack 4, TypeScript's `moduleResolution: node10`) find flooim/wechat and the others too.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const { exports } = JSON.parse(readFileSync(path('package.json'), 'utf8'));

for (const [subpath, conditions] of Object.entries(exports)) {
  if (subpath === '.' || typeof conditions === 'string') continue;
  const { import: asModule, require: asCommonJs } = conditions;
  const { types, default: main } = asCommonJs ?? conditions;
  const up = (file) => file.replace('./', '../');
  const manifest = {
    private: true,
    main: up(main),
    ...(asModule && { module: up(asModule.default) }),
    types: up(asModule?.types ?? types),
  };
  const folder = path(subpath);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

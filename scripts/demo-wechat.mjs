// `npm run demo:wechat`: puts the built SDK into the demo's im/ folder, as an app would. After npm run build.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const built = path('dist/wechat.cjs');
if (!existsSync(built)) {
  console.error('dist/ has no wechat.cjs: npm run build first.');
  process.exit(1);
}
mkdirSync(path('demo/wechat/im'), { recursive: true });
// Without its map: nothing more counts towards the 2 MB of a mini-program.
writeFileSync(
  path('demo/wechat/im/flooim.js'),
  readFileSync(built, 'utf8').replace(/\/\/# sourceMappingURL=.*\n?$/, ''),
);
console.log(
  "demo/wechat/im/flooim.js is there. Open demo/wechat in WeChat's developer tools; npm start is its server.",
);

// `npm run demo:wechat`: copies the built SDK into the demo's im/ folder, as an app would. Run it after `npm run build`.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const built = path('dist/wechat.cjs');
if (!existsSync(built)) {
  console.error('dist/ has no wechat.cjs: npm run build first.');
  process.exit(1);
}
mkdirSync(path('demo/wechat/im'), { recursive: true });
copyFileSync(built, path('demo/wechat/im/flooim.js'));
console.log("Made demo/wechat/im/flooim.js. Open demo/wechat in WeChat's developer tools; npm start is its server.");

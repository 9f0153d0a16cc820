// `npm run --silent size`: what each entry weighs with all its dependencies, and whether it is within its budget.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const KB = 1024;

/**
 * `gzipKb`: the most an entry may weigh, or this fails; nothing where nobody waits for a download. `targetKb`: what it is to
 * weigh one day.
 */
const ENTRIES = [
  { name: 'browser', file: 'browser.js', gzipKb: 52, targetKb: 40 },
  { name: 'umd', file: 'flooim.umd.js', gzipKb: 52, targetKb: 40 },
  { name: 'legacy', file: 'flooim.legacy.js', gzipKb: 66, targetKb: 75 },
  { name: 'wechat', file: 'wechat.cjs', gzipKb: 55, targetKb: 42 },
  { name: 'uniapp', file: 'uniapp.cjs', gzipKb: 55, targetKb: 42 },
  { name: 'node', file: 'node.js', targetKb: 42 },
  { name: 'wire', file: 'wire.js' },
  { name: 'error-texts', file: 'error-texts.js' },
];

const path = ({ file }) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));
const kb = (bytes) => (bytes / KB).toFixed(1);

const missing = ENTRIES.filter((entry) => !existsSync(path(entry)));
if (missing.length > 0) {
  console.error(`dist/ has no ${missing.map(({ file }) => file).join(', ')}: npm run build first.`);
  process.exit(1);
}

const rows = ENTRIES.map((entry) => {
  const code = readFileSync(path(entry));
  return {
    ...entry,
    min: code.length,
    gzip: gzipSync(code, { level: constants.Z_BEST_COMPRESSION }).length,
    brotli: brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
  };
});

const print = (...cells) =>
  console.log(
    cells
      .map((cell, i) => (i ? cell.padStart(9) : cell.padEnd(12)))
      .join('')
      .trimEnd(),
  );
print('KB', 'min', 'gzip', 'brotli', 'budget', 'target', '');
for (const { name, min, gzip, brotli, gzipKb, targetKb } of rows) {
  const limits = [gzipKb, targetKb].map((limit) => limit?.toFixed(1) ?? '');
  const over = gzip - targetKb * KB;
  print(name, kb(min), kb(gzip), kb(brotli), ...limits, over > 0 ? `  ${kb(over)} over the target` : '');
}

for (const { name, gzip, gzipKb } of rows.filter(({ gzip, gzipKb }) => gzip > gzipKb * KB)) {
  console.error(`${name}: ${gzip} bytes with gzip, ${gzip - gzipKb * KB} over its budget.`);
  process.exitCode = 1;
}

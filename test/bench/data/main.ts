// npm run --silent bench:data [-- --json] [--only storage|messaging]: figures of the data layer in a real Chromium, beside the plain layout and the
// targets of this repository. Prints what it measured and asserts nothing.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { openLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { messagingFigures } from './messaging-figures.ts';
import { toJson, toTable } from './report.ts';
import type { Figures } from './report.ts';
import { storageFigures } from './storage-figures.ts';

const SECTIONS: Record<string, (lab: Lab) => Promise<Figures>> = {
  storage: storageFigures,
  messaging: messagingFigures,
};

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const sections = values.only === undefined ? Object.keys(SECTIONS) : [values.only];
const figures: Figures = {};
let browser = '';
for (const section of sections) {
  // In a browser of its own: what one has stored would still be tidied up while the next one is measured.
  const lab = await openLab();
  try {
    Object.assign(figures, await SECTIONS[section]!(lab));
    browser = await lab.chromium.version();
  } finally {
    await lab.close();
  }
}
if (values.json) console.log(toJson(figures));
else {
  console.log(`${browser}, Node ${process.versions.node}, ${cpus().length} cores`);
  console.log('ratio: how many times as good as what stands beside it\n');
  console.log(toTable(figures));
}

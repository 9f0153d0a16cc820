// npm run --silent bench:data [-- --json] [--only storage|messaging]: figures of the data layer in a real Chromium, beside the plain layout and the
// targets of this repository. Prints what it measured and asserts nothing.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { openLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { messagingFigures } from './messaging-figures.ts';
import { combined, toJson, toTable } from './report.ts';
import type { Figures } from './report.ts';
import { storageFigures } from './storage-figures.ts';

/** Times of single messages vary with what else the machine does in that second: those are taken three times. */
const SECTIONS: Record<string, { takes: readonly ((lab: Lab) => Promise<Figures>)[]; rounds: number }> = {
  storage: { takes: [storageFigures], rounds: 1 },
  messaging: { takes: messagingFigures, rounds: 3 },
};

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const sections = values.only === undefined ? Object.keys(SECTIONS) : [values.only];
const figures: Figures = {};
let browser = '';
for (const section of sections) {
  const { takes, rounds } = SECTIONS[section]!;
  for (const take of takes) {
    const taken: Figures[] = [];
    for (let round = 0; round < rounds; round++) taken.push(await inBrowser(take));
    Object.assign(figures, combined(taken));
  }
}
if (values.json) console.log(toJson(figures));
else {
  console.log(`${browser}, Node ${process.versions.node}, ${cpus().length} cores`);
  console.log('ratio: how many times as good as what stands beside it\n');
  console.log(toTable(figures));
}

/** In a browser of its own: what was stored for one figure would still be tidied up while the next one is taken. */
async function inBrowser(take: (lab: Lab) => Promise<Figures>): Promise<Figures> {
  const lab = await openLab();
  try {
    browser = await lab.chromium.version();
    return await take(lab);
  } finally {
    await lab.close();
  }
}

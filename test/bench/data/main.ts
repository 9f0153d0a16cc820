// npm run --silent bench:data [-- --json] [--only storage|messaging] [--against <folder>]: figures of the data layer in a real
// Chromium, beside the plain layout and the targets of this repository. `--against` takes the same figures of another
// checkout of this repository, in turn with ours, so that both meet the same machine. Prints what it measured and asserts
// nothing.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { openLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { messagingFigures } from './messaging-figures.ts';
import { combined, comparedWith, toJson, toTable } from './report.ts';
import type { Figures } from './report.ts';
import { storageFigures } from './storage-figures.ts';

/** Times of single messages vary with the load of the machine, so they are taken three times. */
const SECTIONS: Record<string, { takes: readonly ((lab: Lab) => Promise<Figures>)[]; rounds: number }> = {
  storage: { takes: [storageFigures], rounds: 1 },
  messaging: { takes: messagingFigures, rounds: 3 },
};

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string' }, against: { type: 'string' } },
});
const sections = values.only === undefined ? Object.keys(SECTIONS) : [values.only];
/** The page of the other checkout, built from its own sources. */
const otherPage =
  values.against === undefined
    ? undefined
    : pathToFileURL(resolve(values.against, 'test/bench/data/page/main.ts')).href;
const figures: Figures = {};
let browser = '';
for (const section of sections) {
  const { takes, rounds } = SECTIONS[section]!;
  for (const take of takes) {
    const ours: Figures[] = [];
    const others: Figures[] = [];
    // One build warms the machine up for the other: with two of them each is taken twice at least, in turn.
    for (let round = 0; round < (otherPage === undefined ? rounds : Math.max(rounds, 2)); round++) {
      ours.push(await inBrowser(take));
      if (otherPage !== undefined) others.push(await inBrowser(take, otherPage));
    }
    Object.assign(figures, others.length > 0 ? comparedWith(combined(ours), combined(others)) : combined(ours));
  }
}
if (values.json) console.log(toJson(figures));
else {
  console.log(`${browser}, Node ${process.versions.node}, ${cpus().length} cores`);
  console.log('ratio: how many times as good as what stands beside it\n');
  console.log(toTable(figures));
}

/** Takes figures in a new browser: a used one would still clean up the data of earlier figures. */
async function inBrowser(take: (lab: Lab) => Promise<Figures>, page?: string): Promise<Figures> {
  const lab = await openLab(page);
  try {
    browser = await lab.chromium.version();
    return await take(lab);
  } finally {
    await lab.close();
  }
}

// npm run --silent fuzz -- --minutes 5 [--seed 1]: random and hostile input of each kind, through whole clients and single
// rooms. Exits non-zero when something fails. `--replay <kind:base64>`, as often as needed, tries printed inputs again.
import { parseArgs } from 'node:util';
import { describeReport, fuzz, replay } from '../test/fuzz/fuzz.ts';
import { KINDS } from '../test/fuzz/inputs.ts';
import type { Input, Kind } from '../test/fuzz/inputs.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    replay: { type: 'string', multiple: true, default: [] },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new Error('usage: fuzz --minutes <number> [--seed <integer>]');

function inputOf(text: string): Input {
  const [kind = '', base64 = ''] = text.split(/:(.*)/s);
  if (!KINDS.includes(kind as Kind)) throw new Error(`no kind of input: ${kind}`);
  return { kind: kind as Kind, bytes: new Uint8Array(Buffer.from(base64, 'base64')) };
}

if (values.replay.length > 0) {
  await replay(values.replay.map(inputOf), seed);
  console.log('all inputs went well');
} else {
  const report = await fuzz(minutes, seed);
  console.log(describeReport(report));
  // Nothing may hold the process open: a failed session is not stopped.
  process.exit(report.failure ? 1 : 0);
}

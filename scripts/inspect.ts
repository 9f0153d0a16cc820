// npm run --silent inspect -- --up|--down <hex>: one captured frame as JSON, in the shape of test/fixtures/xsync-frames.json.
import { decodeFrame, WireError } from '../src/wire/index.ts';

const USAGE = 'usage: npm run --silent inspect -- --up|--down <hex>';

/** The replacer of JSON.stringify: writes bytes as hex, and leaves out empty lists, which were not on the wire. */
function onTheWire(this: Record<string, unknown>, key: string, value: unknown): unknown {
  // `value` is the result of a Buffer's toJSON. Its holder still has the bytes.
  const raw = this[key];
  if (raw instanceof Uint8Array) return Buffer.from(raw).toString('hex');
  if (Array.isArray(value) && value.length === 0) return undefined;
  return value;
}

function main(args: string[]): number {
  const [flag, ...rest] = args;
  const hex = rest.join('').replace(/\s+/g, '').toLowerCase();
  if ((flag !== '--up' && flag !== '--down') || !/^([0-9a-f]{2})+$/.test(hex)) {
    console.error(USAGE);
    return 2;
  }
  try {
    const frame = decodeFrame(Buffer.from(hex, 'hex'), flag === '--up' ? 'up' : 'down');
    console.log(JSON.stringify(frame, onTheWire, 2));
    return 0;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    console.error(error.message);
    return 1;
  }
}

process.exitCode = main(process.argv.slice(2));

import $protobuf from 'protobufjs/minimal.js';
import { parseUint64 } from './uint64.ts';
import { WireError } from './wire-error.ts';

/** protobufjs' writer, taking 64-bit numbers as decimal strings. */
export class ProtoWriter extends $protobuf.Writer {
  override uint64(value: unknown): this {
    const bits = parseUint64(String(value));
    if (!bits) throw new WireError('malformed', `not a uint64: ${String(value).slice(0, 24)}`);
    return super.uint64(bits as never) as this;
  }
}

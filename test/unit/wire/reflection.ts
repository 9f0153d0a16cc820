import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const dir = fileURLToPath(new URL('../../../proto/', import.meta.url));
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => (target.startsWith('/') ? target : dir + target);
root.loadSync(
  readdirSync(dir).filter((file) => file.endsWith('.proto')),
  { keepCase: true },
);

/** protobufjs' reflection of a message in proto/*.proto: our decoder is checked and measured against it. */
export const typeOf = (name: string): protobuf.Type => root.lookupType(`im.floo.protobuf.${name}`);

/** A decoded message with these fields. */
export type Decoded<Fields> = protobuf.Message & Fields;

const PAYLOADS = {
  up: { 0: 'UnreadUL', 1: 'SyncUL', 3: 'Provision' },
  down: { 0: 'UnreadDL', 1: 'SyncDL', 2: 'Notice', 3: 'Provision' },
} as { readonly [direction: string]: { readonly [command: number]: string } };

// prettier-ignore
const META_PAYLOADS: { readonly [ns: number]: string } = {
  1: 'MessageBody', 2: 'GroupNotice', 3: 'RosterNotice', 4: 'UserNotice', 5: 'Info', 6: 'Conversation', 7: 'MessageBody', 8: 'RtcSignal',
};

interface Fields {
  [field: string]: unknown;
}

function fieldsOf(name: string, bytes: Uint8Array): Fields {
  const type = typeOf(name);
  return type.toObject(type.decode(bytes), { longs: String });
}

/** The fields of a frame in the plain form of the vectors, read without our codec. */
export function reflect(bytes: Uint8Array, direction: 'up' | 'down'): Fields {
  const frame = fieldsOf('Frame', bytes);
  if (!frame.payload) return frame;
  const payload = fieldsOf(PAYLOADS[direction]![frame.command as number]!, frame.payload as Uint8Array);
  for (const meta of [payload.meta, ...((payload.metas as unknown[] | undefined) ?? [])] as (Fields | undefined)[]) {
    if (meta?.payload) meta.payload = fieldsOf(META_PAYLOADS[meta.ns as number]!, meta.payload as Uint8Array);
  }
  return { ...frame, payload };
}

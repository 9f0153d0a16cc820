// Stands between the page and its IndexedDB and WebSocket, to record the order of commits.
import { KEYS } from '../../../../src/store/schema.ts';
import { unpackItems } from '../../../../src/store/segment-record.ts';
import { decodeFrame } from '../../../../src/wire/decode-frame.ts';

export interface StorageOrder {
  /** Whether this message is in a committed segment. */
  isStored(id: string): boolean;
  /** Frames that carried a message, and those among them whose outbox row was not committed before. */
  readonly sends: { frames: number; early: number };
}

/** To be called before the client uses either. */
export function watchStorageOrder(): StorageOrder {
  const rows = new Set<string>();
  const messages = new Set<string>();
  /** Committed, and not looked into yet: that is left until somebody asks, or it would be measured with the client. */
  let segments: unknown[] = [];
  const sends = { frames: 0, early: 0 };

  const names = new WeakMap<IDBTransaction, { rows: string[]; segments: unknown[] }>();

  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...args) {
    const transaction = begin.apply(this, args);
    const written = { rows: [] as string[], segments: [] as unknown[] };
    names.set(transaction, written);
    // Added before the listener of the client, so that it runs first.
    transaction.addEventListener('complete', () => {
      for (const name of written.rows) rows.add(name);
      segments.push(...written.segments);
    });
    return transaction;
  };

  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
    const name = String(key);
    const written = names.get(this.transaction)!;
    if (name.startsWith('o/')) written.rows.push(name);
    if (name.startsWith('s/')) written.segments.push(value);
    return put.call(this, value, key);
  };

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    const mid = data instanceof Uint8Array ? midOf(data) : undefined;
    if (mid !== undefined) {
      sends.frames++;
      if (!rows.has(KEYS.outbox(mid))) sends.early++;
    }
    send.call(this, data);
  };
  return {
    isStored: (id) => {
      for (const segment of segments) for (const item of unpackItems(segment)) messages.add(item.id);
      segments = [];
      return messages.has(id);
    },
    sends,
  };
}

/** The client mid in a frame, which Engine.IO 3 puts after the byte of its packet type. */
function midOf(data: Uint8Array): string | undefined {
  const frame = decodeFrame(data.subarray(1), 'up');
  return frame.command === 1 ? frame.payload?.meta?.id : undefined;
}

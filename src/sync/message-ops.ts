import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { Edit, Editable, MessageOps, ReadMark, StoredMessage } from '../store/schema.ts';
import { parseJsonObject } from '../util/lossless-json.ts';

/** Edits of a message that are kept one by one. A stream of appends has more; older ones are merged into the original. */
const MAX_EDITS = 32;

/** The message with all its operations applied, in their own order. */
export function resolveMessage(message: StoredMessage, marks: readonly ReadMark[], self: Id): StoredMessage {
  const ops = message.ops ?? {};
  let next = message;
  if (message.from === self) {
    if ((ops.status ?? 0) > message.status) next = { ...next, status: ops.status! };
  } else {
    const read = newestRead(message.id, ops, marks);
    const { cancelOp = '0' } = ops;
    if (compareIds(read, cancelOp) > 0) next = { ...next, status: DELIVERY_STATUS.read };
    // It counts as unread from now on, also when only history brought it.
    else if (cancelOp !== '0') next = { ...next, status: DELIVERY_STATUS.unread, isHistory: false };
  }
  if (ops.played) next = { ...next, isPlayed: true };
  return ops.edits ? resolveEdits(next, ops) : next;
}

/** The newest operation that marked this message read. */
function newestRead(id: Id, { readOp = '0' }: MessageOps, marks: readonly ReadMark[]): Id {
  return marks.reduce(
    (newest, { mid, op }) => (compareIds(mid, id) >= 0 && compareIds(op, newest) > 0 ? op : newest),
    readOp,
  );
}

/** Adds a READ_ALL. Marks that another one covers are dropped. */
export function withReadMark(marks: readonly ReadMark[], mark: ReadMark): readonly ReadMark[] {
  const isCovered = (a: ReadMark, by: ReadMark): boolean =>
    compareIds(a.mid, by.mid) <= 0 && compareIds(a.op, by.op) <= 0;
  if (marks.some((other) => isCovered(mark, other))) return marks;
  return [...marks.filter((other) => !isCovered(other, mark)), mark].sort((a, b) => compareIds(a.op, b.op));
}

/** Adds an edit; undefined when it is known already. */
export function withEdit(ops: MessageOps, edit: Edit): MessageOps | undefined {
  const edits = ops.edits ?? [];
  if (edits.some(({ id }) => id === edit.id)) return undefined;
  return { ...ops, edits: [...edits, edit].sort((a, b) => compareIds(a.id, b.id)) };
}

/** Replaces the text of a stored message by the server's newer version. */
export function withVersion(stored: StoredMessage, newer: Editable): StoredMessage {
  const { config: _config, ...rest } = stored;
  return {
    ...rest,
    ...editable(newer),
    ops: { ...stored.ops, original: editable(newer), edits: stored.ops?.edits ?? [] },
  };
}

function resolveEdits(message: StoredMessage, ops: MessageOps): StoredMessage {
  let original = ops.original ?? editable(message);
  // Older edits are part of the server's version.
  let edits = ops.edits!.filter(
    ({ timestamp, by = message.from }) =>
      by === message.from &&
      (timestamp === '0' || original.editTimestamp === '0' || compareIds(timestamp, original.editTimestamp) > 0),
  );
  if (edits.length > MAX_EDITS) {
    original = edits.slice(0, -MAX_EDITS).reduce(applyEdit, original);
    edits = edits.slice(-MAX_EDITS);
  }
  const { config: _config, ...rest } = message;
  return { ...rest, ...edits.reduce(applyEdit, original), ops: { ...ops, original, edits } };
}

function applyEdit(text: Editable, edit: Edit): Editable {
  // When two edits cross, the one that the server took first must not undo the other. An edit without a time is our own.
  if (edit.timestamp !== '0' && compareIds(edit.timestamp, text.editTimestamp) < 0) return text;
  const patch = edit.config ? parseJsonObject(edit.config) : undefined;
  const config = patch ? mergeJson(text.config ?? {}, patch) : text.config;
  return {
    content: edit.append ? text.content + edit.content : edit.content || text.content,
    ext: mergeJsonText(text.ext, edit.ext),
    ...(config && { config }),
    editTimestamp: edit.timestamp === '0' ? text.editTimestamp : edit.timestamp,
  };
}

function editable({ content, ext, config, editTimestamp }: Editable): Editable {
  return { content, ext, ...(config && { config }), editTimestamp };
}

type JsonObject = Record<string, unknown>;

/** Keys that would reach a prototype instead of the object. */
const NEVER_MERGED = ['__proto__', 'constructor', 'prototype'];

/** Merges two objects into a new one: deep where both have an object, else the patch wins. */
function mergeJson(base: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (NEVER_MERGED.includes(key)) continue;
    const old = merged[key];
    merged[key] = isObject(value) ? mergeJson(isObject(old) ? old : {}, value) : value;
  }
  return merged;
}

/** Merges two JSON texts. Where one is no JSON object the patch wins, unless it is empty. */
export function mergeJsonText(base: string, patch: string): string {
  if (!patch) return base;
  const from = base ? parseJsonObject(base) : {};
  const to = parseJsonObject(patch);
  return from && to ? JSON.stringify(mergeJson(from, to)) : patch;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

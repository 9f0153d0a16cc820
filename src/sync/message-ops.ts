import { compareIds, higherId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import { nextId } from '../store/gaps.ts';
import type { Edit, Editable, MessageOps, ReadMark, StoredMessage, Version } from '../store/schema.ts';
import { parseJsonObject } from '../util/lossless-json.ts';

/**
 * Edits of a message that are kept one by one, because one with a lower id may still come: from another device, or in a page
 * that an answer overtook. Of a longer stream the older ones are merged into the original.
 */
const MAX_EDITS = 256;

/** Marks that are kept. Each one read less far than those before it, which devices do only while one of them is behind. */
const MAX_READ_MARKS = 64;

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
  const sorted = [...marks.filter((other) => !isCovered(other, mark)), mark].sort((a, b) => compareIds(a.op, b.op));
  // The first one reaches up to the newest message. Of the others only the order with what marks unread is lost.
  return sorted.length > MAX_READ_MARKS ? [sorted[0]!, ...sorted.slice(1 - MAX_READ_MARKS)] : sorted;
}

/** Adds an edit; undefined when it is known already. */
export function withEdit(ops: MessageOps, edit: Edit): MessageOps | undefined {
  const edits = ops.edits ?? [];
  if (edits.some(({ id }) => id === edit.id)) return undefined;
  const last = higherId(edits[edits.length - 1]?.id, ops.version?.upTo ?? '0');
  // The server did not name our own edit, which had arrived before: it comes after those that it was sent after.
  const named = edit.timestamp === '0' && compareIds(edit.id, last) <= 0 ? { ...edit, id: nextId(last) } : edit;
  return { ...ops, edits: [...edits, named].sort((a, b) => compareIds(a.id, b.id)) };
}

/** Whether a version of the server says more about a message than is known here. */
export const isNews = ({ ops, editTimestamp }: StoredMessage, version: Editable): boolean =>
  compareIds(version.editTimestamp, editTimestamp) > 0 || !!ops?.edits?.some(isUnnamed);

/** An own edit whose id and time the server did not name, so its place among the others is a guess until a version comes. */
const isUnnamed = ({ timestamp, content, config, ext }: Edit): boolean =>
  timestamp === '0' && !!(content || config || ext);

/**
 * Replaces the text of a stored message by the server's version. A version that is newer than all known edits has them; one
 * that is not has the older ones, and those that the server did not name, because it was asked for after them.
 */
export function withVersion(stored: StoredMessage, newer: Editable): StoredMessage {
  const { config: _config, ...rest } = stored;
  const { edits = [], original = editable(stored), ...ops } = stored.ops ?? {};
  const old = ops.version ?? versionOf(original, stored.ops ?? {});
  const isNewest = compareIds(newer.editTimestamp, stored.editTimestamp) > 0;
  const later = edits.filter(
    ({ timestamp }) => !isNewest && timestamp !== '0' && compareIds(timestamp, newer.editTimestamp) >= 0,
  );
  const [first] = later;
  const below = edits.filter((edit) => !later.includes(edit) && (!first || compareIds(edit.id, first.id) < 0));
  const version: Version = {
    timestamp: newer.editTimestamp,
    upTo: higherId(below[below.length - 1]?.id, old?.upTo ?? '0'),
    explained: old ? old.explained + appendedBy([...editsOf(old, original, edits)]) : 0,
  };
  const before = old ? old.appended : '';
  const appended =
    isNewest && before !== undefined && newer.content.startsWith(stored.content)
      ? before + newer.content.slice(stored.content.length)
      : undefined;
  return {
    ...rest,
    ...editable(newer),
    ops: {
      ...ops,
      original: editable(newer),
      version: appended === undefined ? version : { ...version, appended },
      // Of those that it has only the ids are needed: one may come again.
      edits: edits.map((edit) => (later.includes(edit) ? edit : { ...edit, content: '', config: '', ext: '' })),
    },
  };
}

/**
 * The message with one more edit. One that comes last is put on the text as it is: in a stream of thousands, doing all of
 * them again for each would stop the thread.
 *
 * @param ops - with the edit
 */
export function withOneEdit(message: StoredMessage, ops: MessageOps): StoredMessage | undefined {
  const { edits = [], original, version = original && versionOf(original, ops) } = ops;
  const known = message.ops?.edits ?? [];
  const last = edits[edits.length - 1];
  const isLast = edits.length === known.length + 1 && edits[edits.length - 2] === known[known.length - 1];
  if (!last || !original || !isLast || (last.by ?? message.from) !== message.from) return undefined;
  // A version that was merged here has no open edits: its text is explained by those that were merged.
  const isOpen = version?.timestamp === last.timestamp && version.appended !== '';
  if (version && (isOpen || isCertain(version, last))) return undefined;
  return resolveEdits(message, ops, applyEdit(editable(message), last));
}

/** @param resolved - the text with all edits, when it is known */
function resolveEdits(message: StoredMessage, ops: MessageOps, resolved?: Editable): StoredMessage {
  const edits = ops.edits!.filter(({ by = message.from }) => by === message.from);
  const before = ops.original ?? editable(message);
  const version = ops.version ?? versionOf(before, ops);
  const had = !version
    ? new Set<Edit>()
    : resolved
      ? new Set(edits.filter((edit) => isCertain(version, edit)))
      : editsOf(version, before, edits);
  const apply = (text: Editable, list: readonly Edit[]): Editable =>
    list.filter((edit) => !had.has(edit)).reduce(applyEdit, text);
  const { config: _config, ...rest } = message;
  const next = { ...rest, ...(resolved ?? apply(before, edits)) };
  const kept = { ...ops, edits, original: before, ...(version && { version }) };
  if (edits.length <= MAX_EDITS) return { ...next, ops: kept };
  const merged = edits.slice(0, -MAX_EDITS);
  return {
    ...next,
    ops: {
      ...kept,
      original: apply(before, merged),
      edits: edits.slice(-MAX_EDITS),
      ...(version && { version: afterMerge(version, merged) }),
    },
  };
}

/** A message that came with edits is a version of the server. Up to which edit is not known. */
function versionOf({ editTimestamp }: Editable, { original }: MessageOps): Version | undefined {
  if (editTimestamp === '0') return undefined;
  // In databases of an earlier release a version looks like merged edits; they keep no edit that the text has.
  return { timestamp: editTimestamp, upTo: '0', explained: 0, ...(original && { appended: '' }) };
}

/** Whether a version has an edit for sure. */
const isCertain = ({ upTo, timestamp: time }: Version, { id, timestamp }: Edit): boolean =>
  compareIds(id, upTo) <= 0 || (timestamp !== '0' && compareIds(timestamp, time) < 0);

const appendedBy = (edits: readonly Edit[]): number =>
  edits.reduce((sum, { append, content }) => sum + (append ? content.length : 0), 0);

/**
 * The edits that a version has. Of those of its own millisecond it has the first ones, as many as its text can be explained
 * with.
 */
function editsOf(version: Version, text: Editable, edits: readonly Edit[]): Set<Edit> {
  const certain = edits.filter((edit) => isCertain(version, edit));
  const open = edits.filter((edit) => !isCertain(version, edit) && edit.timestamp === version.timestamp);
  const explained = version.explained + appendedBy(certain);
  let longest = 0;
  let tail = '';
  let isWhole = false;
  open.forEach((edit, at) => {
    if (edit.append) tail += edit.content;
    else if (edit.content) [tail, isWhole] = [edit.content, true];
    if (hasText(text, tail, isWhole, { ...version, explained }) && hasFields(text, edit)) longest = at + 1;
  });
  return new Set([...certain, ...open.slice(0, longest)]);
}

function hasText(text: Editable, tail: string, isWhole: boolean, { appended, explained }: Version): boolean {
  if (isWhole) return text.content === tail;
  if (appended === undefined) return text.content.endsWith(tail);
  return appended.slice(explained).includes(tail);
}

/** Whether the fields of an edit would change nothing. */
function hasFields(text: Editable, edit: Edit): boolean {
  const next = applyEdit(text, { ...edit, append: true, content: '' });
  return next.ext === text.ext && JSON.stringify(next.config) === JSON.stringify(text.config);
}

/** Of merged edits nothing is open any more. */
function afterMerge(version: Version, merged: readonly Edit[]): Version {
  const certain = merged.filter((edit) => isCertain(version, edit));
  const open = merged.filter((edit) => !isCertain(version, edit) && edit.timestamp === version.timestamp);
  if (open.length > 0) return { ...version, upTo: open[open.length - 1]!.id, appended: '' };
  return { ...version, explained: version.explained + appendedBy(certain) };
}

function applyEdit(text: Editable, edit: Edit): Editable {
  const isLate = edit.timestamp !== '0' && compareIds(edit.timestamp, text.editTimestamp) < 0;
  // A replacement that comes after later edits were merged must not undo them. What was appended is never lost.
  if (isLate && !edit.append) return text;
  const patch = edit.config ? parseJsonObject(edit.config) : undefined;
  const config = patch ? mergeJson(text.config ?? {}, patch) : text.config;
  return {
    content: edit.append ? text.content + edit.content : edit.content || text.content,
    ext: mergeJsonText(text.ext, edit.ext),
    ...(config && { config }),
    editTimestamp: edit.timestamp === '0' || isLate ? text.editTimestamp : edit.timestamp,
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

import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { Edit, Editable, MessageOps, ReadMark, StoredMessage } from '../store/schema.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import { mergeJson, mergeJsonText } from './merge-json.ts';

/** Edits of a message that are remembered one by one; a stream of appends has many, and they come in order. */
const MAX_EDITS = 32;

/** A message as the operations on it make it, whatever order they came in. */
export function resolveMessage(message: StoredMessage, marks: readonly ReadMark[], self: Id): StoredMessage {
  const ops = message.ops ?? {};
  let next = message;
  if (message.from === self) {
    if ((ops.status ?? 0) > message.status) next = { ...next, status: ops.status! };
  } else {
    const read = newestRead(message.id, ops, marks);
    const { cancelOp = '0' } = ops;
    if (compareIds(read, cancelOp) > 0) next = { ...next, status: DELIVERY_STATUS.read };
    // Counted from now on, also when only history brought it.
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

/** With one more READ_ALL; those that say less than another are dropped. */
export function withReadMark(marks: readonly ReadMark[], mark: ReadMark): readonly ReadMark[] {
  const saysLess = (a: ReadMark, b: ReadMark): boolean => compareIds(a.mid, b.mid) <= 0 && compareIds(a.op, b.op) <= 0;
  if (marks.some((other) => saysLess(mark, other))) return marks;
  return [...marks.filter((other) => !saysLess(other, mark)), mark].sort((a, b) => compareIds(a.op, b.op));
}

/** With one more edit; undefined when it is known already. */
export function withEdit(ops: MessageOps, edit: Edit): MessageOps | undefined {
  const edits = ops.edits ?? [];
  if (edits.some(({ id }) => id === edit.id)) return undefined;
  return { ...ops, edits: [...edits, edit].sort((a, b) => compareIds(a.id, b.id)) };
}

/** The server's newer version of a stored message takes the place of what edits made of it here. */
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
  // The server's version has them in it.
  let edits = ops.edits!.filter(
    ({ timestamp }) =>
      timestamp === '0' || original.editTimestamp === '0' || compareIds(timestamp, original.editTimestamp) > 0,
  );
  if (edits.length > MAX_EDITS) {
    original = edits.slice(0, -MAX_EDITS).reduce(applyEdit, original);
    edits = edits.slice(-MAX_EDITS);
  }
  const { config: _config, ...rest } = message;
  return { ...rest, ...edits.reduce(applyEdit, original), ops: { ...ops, original, edits } };
}

function applyEdit(text: Editable, edit: Edit): Editable {
  // Of two that cross, the one that the server took first is not to undo the other. One without a time is ours.
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

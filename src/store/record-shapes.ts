// A stored record may be damaged, or written by something else: each is checked when it is read, and a wrong one is dropped.
import type { DeviceNames } from '../model/device.ts';
import type { Id } from '../model/ids.ts';
import type { NoticeMeta } from '../model/notice.ts';
import { compareIds } from '../model/ids.ts';
import type { Gaps } from './gaps.ts';
import { emptyConversation } from './schema.ts';
import type {
  ConversationKey,
  ConversationRecord,
  Edit,
  FirstCatchUp,
  MessageOps,
  OutboxEntry,
  ReadMark,
} from './schema.ts';

const STATES: readonly unknown[] = ['uploading', 'queued', 'unnumbered', 'failed'] satisfies OutboxEntry['state'][];
const HIGHEST_ID = '18446744073709551616';

type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string';

/** Whether this is a decimal id of at most 64 bits. */
export const isStoredId = (value: unknown): value is Id =>
  isText(value) && /^\d{1,20}$/.test(value) && compareIds(value, HIGHEST_ID) <= 0;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isTime = (value: unknown): boolean => isText(value) && /^\d*$/.test(value);
const isAbsentOr = (check: (value: unknown) => boolean, value: unknown): boolean => value === undefined || check(value);

export const isConversationKey = (key: unknown): key is ConversationKey =>
  isText(key) && /^[rg]/.test(key) && isStoredId(key.slice(1));

/** Whether a stored record names a device. */
export function isDeviceNames(value: unknown): value is DeviceNames {
  const { guid, serial } = Object(value) as Partial<DeviceNames>;
  return isText(guid) && guid !== '' && isCount(serial) && serial !== 0;
}

export const isIdList = (value: unknown): value is Id[] => Array.isArray(value) && value.every(isStoredId);

const isXid = (value: unknown): boolean => isObject(value) && isStoredId(value['uid']);

export function isNotice(value: unknown): value is NoticeMeta {
  if (!isObject(value) || !isStoredId(value['id'])) return false;
  const { type, from, to } = Object(value['payload']) as Fields;
  return Number.isInteger(type) && isXid(from) && Array.isArray(to) && to.every(isXid);
}

export const isGaps = (value: unknown): value is Gaps =>
  Array.isArray(value) &&
  value.every((gap: unknown) => isIdList(gap) && gap.length === 2 && compareIds(gap[0]!, gap[1]!) <= 0);

const isReadMarks = (value: unknown): value is readonly ReadMark[] =>
  Array.isArray(value) && value.every((mark) => isObject(mark) && isStoredId(mark['mid']) && isStoredId(mark['op']));

/** How each field of a conversation is checked. Its type and id are those of its key. */
const CONVERSATION_FIELDS: Partial<Record<keyof ConversationRecord, (value: unknown) => boolean>> = {
  previewId: isStoredId,
  content: isText,
  ext: isText,
  timestamp: isText,
  hasAt: isFlag,
  draft: isText,
  touchedAt: Number.isFinite,
  draftTimestamp: (value) => value === '' || Number.isFinite(value),
  unread: isCount,
  newestId: isStoredId,
  listed: isFlag,
  undelivered: isCount,
  gaps: isGaps,
  clearedTo: isStoredId,
  readMarks: isReadMarks,
};

const CONVERSATION_CHECKS = Object.entries(CONVERSATION_FIELDS);

/** Whether all fields of a conversation's record are valid. */
export const isWholeConversation = (record: Fields | ConversationRecord): boolean =>
  CONVERSATION_CHECKS.every(([field, check]) => isAbsentOr(check, (record as Fields)[field]));

/** Reads the stored record of a conversation. @returns its valid fields, and whether all are valid */
export function checkConversation(
  key: ConversationKey,
  value: unknown,
): { valid: Partial<ConversationRecord>; isWhole: boolean } {
  if (!isObject(value)) return { valid: {}, isWhole: false };
  const wrong = CONVERSATION_CHECKS.filter(([field, check]) => !isAbsentOr(check, value[field]));
  const { type, id } = emptyConversation(key);
  const valid: Record<string, unknown> = { type, id };
  for (const field of Object.keys(value))
    if (!(field in valid) && !wrong.some(([name]) => name === field)) valid[field] = value[field];
  return { valid, isWhole: wrong.length === 0 };
}

/** Whether a stored row of the outbox can be sent and shown. */
export function isOutboxEntry(key: string, value: unknown): value is OutboxEntry {
  if (!isObject(value)) return false;
  const { mid, conversation, meta, message, state, file, createdAt, after } = value;
  return (
    isStoredId(mid) &&
    key.endsWith(`/${mid.padStart(20, '0')}`) &&
    isConversationKey(conversation) &&
    isObject(meta) &&
    Number.isInteger(meta['ns']) &&
    isObject(meta['payload']) &&
    isAbsentOr(isStoredId, meta['to']) &&
    isAbsentOr(isTime, meta['timestamp']) &&
    isAbsentOr(isShownMessage, message) &&
    STATES.includes(state) &&
    isAbsentOr(isObject, file) &&
    Number.isFinite(createdAt) &&
    isStoredId(after)
  );
}

/** The fields that a message must have, wherever it is. */
function isShownMessage(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { id, from, to, content, ext, timestamp, attach, config } = value;
  return (
    isStoredId(id) &&
    isStoredId(from) &&
    isStoredId(to) &&
    [content, ext, timestamp].every(isText) &&
    isAbsentOr(isObject, attach) &&
    isAbsentOr(isObject, config)
  );
}

/** Whether these are the effects of operations on a message. */
export function isMessageOps(value: unknown): value is MessageOps {
  if (!isObject(value)) return false;
  const { status, played, readOp, cancelOp, original, edits } = value;
  return (
    isAbsentOr(isCount, status) &&
    isAbsentOr(isFlag, played) &&
    isAbsentOr(isStoredId, readOp) &&
    isAbsentOr(isStoredId, cancelOp) &&
    isAbsentOr((editable) => isObject(editable) && isText(editable['content']), original) &&
    isAbsentOr((list) => Array.isArray(list) && list.every(isEdit), edits)
  );
}

function isEdit(value: unknown): value is Edit {
  if (!isObject(value)) return false;
  const { id, append, timestamp, content, config, ext } = value;
  return isStoredId(id) && isFlag(append) && isTime(timestamp) && [content, config, ext].every(isText);
}

/** Whether a stored record says how far a first catch-up is. */
export function isFirstCatchUp(value: unknown): value is FirstCatchUp {
  const { isOver, queues } = Object(value) as Partial<FirstCatchUp>;
  return typeof isOver === 'boolean' && Array.isArray(queues) && queues.every((id) => typeof id === 'string');
}

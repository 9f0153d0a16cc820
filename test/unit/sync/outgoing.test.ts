import { describe, expect, test } from 'vitest';
import { isFlooError } from '../../../src/errors.ts';
import { conversationKey } from '../../../src/store/schema.ts';
import {
  conversationEntry,
  messageEntry,
  operationEntry,
  sendFrame,
  toJsonText,
  typingMeta,
} from '../../../src/sync/outgoing.ts';
import type { EditText, PreparedMessage } from '../../../src/sync/outgoing.ts';
import { decodeFrame, encodeFrame } from '../../../src/wire/index.ts';
import type { UpFrame } from '../../../src/wire/index.ts';
import { bytesOf, plain, vectorOf, vectors } from '../wire/vectors.ts';
import { GROUP, PEER, SELF, TIME, withoutZeros } from './harness.ts';

const ME = { uid: '6597478514528', deviceSN: 12 };
const USER = '6597478514688';
const CLOCK = 1_700_000_000_000;

interface Input {
  uid?: string;
  gid?: string;
  type?: PreparedMessage['type'];
  content?: string;
  ext?: string;
  config?: string;
  attachment?: object;
  mid?: string;
  status?: string;
}

/** The frame of a message, from the arguments of the app. */
function messageFrame(mid: string, { uid, gid, type = 'text', content = '', ext, config, attachment }: Input): UpFrame {
  const prepared: PreparedMessage = { content, type };
  if (ext !== undefined) prepared.ext = ext;
  if (config !== undefined) prepared.config = config;
  if (attachment !== undefined) prepared.attachment = toJsonText(attachment, 'attachment')!;
  const conversation = gid === undefined ? conversationKey('roster', uid!) : conversationKey('group', gid);
  return sendFrame(mid, messageEntry(mid, conversation, prepared, ME.uid, CLOCK, '0').meta, ME);
}

const operationFrame = (
  mid: string,
  to: string,
  operation: Parameters<typeof operationEntry>[3],
  text?: EditText,
): UpFrame => sendFrame(mid, operationEntry(mid, `r${USER}`, to, operation, CLOCK, text).meta, ME);

const conversation = { uid: USER, deviceSN: 0 };

/** How the SDK builds each golden frame. */
const BUILT: Record<string, (mid: string, input: Input) => UpFrame> = {
  'roster text': messageFrame,
  'roster image': messageFrame,
  'group image': messageFrame,
  'roster audio': messageFrame,
  'roster video': messageFrame,
  'group video': messageFrame,
  'roster file': messageFrame,
  'roster location': messageFrame,
  'group location': messageFrame,
  'roster command': messageFrame,
  'roster forward': messageFrame,
  'group forward': messageFrame,
  'roster text with ext and config': messageFrame,
  'roster rtc': (mid, input) => messageFrame(mid, { ...input, type: 'rtc' }),
  'group text': messageFrame,
  typing: (mid, { uid, status }) => sendFrame(mid, typingMeta(uid!, status!), ME),
  'read ack': (mid, input) => operationFrame(mid, input.uid!, { type: 1, mid: input.mid! }),
  'read ack of a uint64 mid above 2^53': (mid, input) => operationFrame(mid, input.uid!, { type: 1, mid: input.mid! }),
  'played ack': (mid, input) => operationFrame(mid, input.uid!, { type: 7, mid: input.mid! }),
  'read all': (mid, input) => operationFrame(mid, ME.uid, { type: 2, mid: input.mid!, xid: conversation }),
  'read cancel': (mid, input) => operationFrame(mid, ME.uid, { type: 3, mid: input.mid!, xid: conversation }),
  recall: (mid, input) => operationFrame(mid, input.uid!, { type: 5, mid: input.mid!, xid: conversation }),
  'append content': (mid, { uid, mid: of, content }) =>
    operationFrame(mid, uid!, { type: 8, mid: of! }, { content: content! }),
  replace: (mid, { uid, mid: of, content, config, ext }) => {
    const text = { content: content!, config: toJsonText(config, 'config')!, ext: toJsonText(ext, 'ext')! };
    return operationFrame(mid, uid!, { type: 9, mid: of! }, text);
  },
  'delete conversation on all devices': (mid, { uid }) =>
    sendFrame(mid, conversationEntry(mid, `r${USER}`, true, { uid: uid!, deviceSN: ME.deviceSN }, CLOCK).meta, ME),
};

/** Built by other rooms, and tested there. */
const ELSEWHERE = [
  'provision',
  'unread (also the heartbeat)',
  'sync request without key',
  'history request from newest',
  'history request from a message',
];

/** Frames that this release does not send. */
const LATER = ['mention', 'rtc signal'];

test('every golden frame of a client is tested here or elsewhere, or belongs to a later release', () => {
  const names = vectors.filter(({ direction }) => direction === 'up').map(({ name }) => name);
  expect([...Object.keys(BUILT), ...ELSEWHERE, ...LATER].sort()).toEqual(names.sort());
});

test.each(Object.keys(BUILT))('golden frame %s', (name) => {
  const vector = vectorOf(name) as ReturnType<typeof vectorOf> & { input: Input };
  const golden = decodeFrame(bytesOf(vector.hex), 'up');
  const { meta } = golden.payload as { meta: { id: string } };
  const built = decodeFrame(encodeFrame(BUILT[name]!(meta.id, vector.input), 'up'), 'up');
  expect(withoutZeros(plain(built))).toEqual(withoutZeros(plain(vector.frame)));
});

describe('the row of a message', () => {
  const prepared: PreparedMessage = {
    content: 'hi',
    type: 'file',
    ext: '{"k":1}',
    config: '{"id":9007199254740993}',
    attachment: '{"url":"u"}',
    priority: 3,
  };

  test('shows the message in the state of sending', () => {
    expect(messageEntry('5', `r${PEER}`, prepared, SELF, TIME, '4').message).toStrictEqual({
      id: '5',
      from: SELF,
      to: PEER,
      content: 'hi',
      type: 'file',
      ext: '{"k":1}',
      status: 0,
      timestamp: String(TIME),
      toType: 'roster',
      is_system: false,
      isHistory: false,
      isNative: false,
      isPlayed: false,
      editTimestamp: '0',
      clientMid: '5',
      attach: { url: 'u' },
      config: { id: '9007199254740993' },
    });
  });

  test('holds the message for the wire, its sender and its place', () => {
    expect(messageEntry('5', `g${GROUP}`, prepared, SELF, TIME, '4')).toMatchObject({
      mid: '5',
      conversation: `g${GROUP}`,
      state: 'queued',
      createdAt: TIME,
      after: '4',
      meta: { ns: 1, to: GROUP, timestamp: String(TIME), payload: { type: 3, ctype: 4, priority: 3 } },
    });
  });

  test('is JSON, so it can be stored', () => {
    const entry = messageEntry('5', `r${PEER}`, prepared, SELF, TIME, '4');
    expect(JSON.parse(JSON.stringify(entry))).toEqual(entry);
  });

  test('of text that is not JSON keeps the text and parses nothing', () => {
    const { meta, message } = messageEntry('5', `r${PEER}`, { ...prepared, config: 'x', ext: 'y' }, SELF, TIME, '4');
    expect(meta.payload).toMatchObject({ config: 'x', ext: 'y' });
    expect(message!.ext).toBe('y');
    expect('config' in message!).toBe(false);
  });
});

describe('a JSON field', () => {
  test.each<[unknown, string | undefined]>([
    [undefined, undefined],
    [null, undefined],
    ['', undefined],
    ['any text', 'any text'],
    [{ a: [1, 'x'] }, '{"a":[1,"x"]}'],
    [0, '0'],
    [false, 'false'],
    [[], '[]'],
  ])('of %j is the text %j', (value, text) => {
    expect(toJsonText(value, 'ext')).toBe(text);
  });

  test.each<[string, unknown]>([
    ['a bigint', 1n],
    ['a circle', Object.assign([], { self: [] as unknown[] })],
  ])('of %s is refused as InvalidParam', (_, value) => {
    if (Array.isArray(value)) value.push(value);
    try {
      toJsonText(value, 'ext');
      expect.unreachable();
    } catch (error) {
      expect(isFlooError(error, 'InvalidParam')).toBe(true);
    }
  });
});

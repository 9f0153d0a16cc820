import { describe, expect, test } from 'vitest';
import type { SyncedMessage } from '../../../src/model/message.ts';
import { conversationOfMessage, isTyping, toMessage } from '../../../src/sync/message-mapper.ts';
import type { IMessageBody, SyncDown } from '../../../src/wire/index.ts';
import { decodeFrame } from '../../../src/wire/index.ts';
import type { ReceivedMessage, ReceivedMeta } from '../../../src/sync/message-mapper.ts';
import { bytesOf, vectors } from '../wire/vectors.ts';
import type { Vector } from '../wire/vectors.ts';
import { chat, GROUP, PEER, received, SELF } from './harness.ts';

const withMessages = vectors.filter(
  (vector): vector is Vector & { appMessages: SyncedMessage[] } => 'appMessages' in vector,
);

const map = (meta: unknown, isHistory = false): SyncedMessage => toMessage(meta as ReceivedMessage, isHistory);
const mapped = (parts: Parameters<typeof chat>[0]): SyncedMessage => map(received(chat(parts))[0]!);

test.each(withMessages.map((vector) => [vector.name, vector] as const))(
  'golden page %s gives the golden messages',
  (_, { hex, appMessages }) => {
    const page = decodeFrame(bytesOf(hex), 'down').payload as SyncDown;
    expect(page.metas!.map((meta) => map(meta))).toStrictEqual(appMessages);
  },
);

test('there are golden pages', () => {
  expect(withMessages.length).toBeGreaterThan(8);
});

test('a message of history is marked as history', () => {
  expect(map(received(chat({ id: 1 }))[0]!, true).isHistory).toBe(true);
});

test.each([
  [0, 0],
  [1, 1],
  [2, 2],
  [3, 0],
  [250, 0],
])('status %i on the wire is status %i', (wire, status) => {
  expect(mapped({ id: 1, status: wire }).status).toBe(status);
});

test('a content type of a newer server is undefined', () => {
  expect(mapped({ id: 1, ctype: 99 }).type).toBeUndefined();
});

test.each(['', 'no JSON', '[1]', '{"cut'])('config and attachment %j are absent', (text) => {
  const message = mapped({ id: 1, config: text, attachment: text });
  expect('config' in message || 'attach' in message).toBe(false);
});

test('a config with a key __proto__ changes no prototype', () => {
  const { config } = mapped({ id: 1, config: '{"__proto__":{"mentionAll":true}}' });
  expect(config!['mentionAll']).toBeUndefined();
});

describe('the conversation of a message', () => {
  test.each<[string, Pick<SyncedMessage, 'from' | 'to' | 'toType'>, string]>([
    ['from a user', { from: PEER, to: SELF, toType: 'roster' }, `r${PEER}`],
    ['of another device of ours', { from: SELF, to: PEER, toType: 'roster' }, `r${PEER}`],
    ['to oneself', { from: SELF, to: SELF, toType: 'roster' }, `r${SELF}`],
    ['in a group', { from: PEER, to: GROUP, toType: 'group' }, `g${GROUP}`],
    ['of ours in a group', { from: SELF, to: GROUP, toType: 'group' }, `g${GROUP}`],
    ['from the system', { from: '0', to: SELF, toType: 'roster' }, 'r0'],
  ])('%s', (_, message, key) => {
    expect(conversationOfMessage(message, SELF)).toBe(key);
  });
});

describe('typing', () => {
  const message = (parts: IMessageBody): ReceivedMeta => received(chat({ id: 1, content: '', ...parts }))[0]!;

  test('is an empty single chat message with a mark in its ext', () => {
    expect(isTyping(message({ ext: '{"input_status":"typing"}' }))).toBe(true);
    expect(isTyping(message({ ext: '{"input_status":"nothing"}' }))).toBe(true);
  });

  test.each<[string, IMessageBody]>([
    ['with content', { ext: '{"input_status":"typing"}', content: 'x' }],
    ['of another ext', { ext: '{"k":1}' }],
    ['without ext', {}],
    ['to a group', { type: 3, ext: '{"input_status":"typing"}' }],
  ])('is not a message %s', (_, parts) => {
    expect(isTyping(message(parts))).toBe(false);
  });
});

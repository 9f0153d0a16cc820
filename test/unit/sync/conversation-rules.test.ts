import { describe, expect, test } from 'vitest';
import type { SyncedMessage } from '../../../src/model/message.ts';
import { emptyConversation } from '../../../src/store/schema.ts';
import { isPreview, isStored, isUnread, mentions, previewOf } from '../../../src/sync/conversation-rules.ts';
import { storedMessage } from '../store/stored-message.ts';
import { GROUP, PEER, SELF } from './harness.ts';

const message = (parts: Partial<SyncedMessage>): SyncedMessage =>
  storedMessage(10, { from: PEER, to: SELF, content: 'hi', timestamp: '1700000000010', ...parts });
const CALL: Partial<SyncedMessage> = { type: 'rtc', config: { action: 'call' } };
const RECORD: Partial<SyncedMessage> = { type: 'rtc', config: { action: 'record' } };

describe('what the conversation list shows', () => {
  test.each<[string, Partial<SyncedMessage>, boolean]>([
    ['a text', {}, true],
    ['a text of a group', { toType: 'group', to: GROUP }, true],
    ['an image without text', { type: 'image', content: '', attach: { url: 'u' } }, true],
    ['nothing: neither text nor attachment', { content: '' }, false],
    ['a system message of the system', { is_system: true, from: '0' }, true],
    ['a system message of a user', { is_system: true }, false],
    ['a system message in a group', { is_system: true, from: '0', toType: 'group', to: GROUP }, false],
    ['a call being made', CALL, false],
    ['rtc without a config', { type: 'rtc' }, false],
    ['the record of a call', RECORD, true],
    ['a command with text', { type: 'command' }, true],
    ['a type of a newer server', { type: undefined }, true],
  ])('%s', (_, parts, shown) => {
    expect(isPreview(message(parts))).toBe(shown);
  });
});

test.each<[SyncedMessage['type'], boolean]>([
  ['text', true],
  ['image', true],
  ['rtc', true],
  [undefined, true],
  ['command', false],
  ['forward', false],
])('%s is kept: %s', (type, kept) => {
  expect(isStored(message({ type }))).toBe(kept);
});

describe('what counts as unread', () => {
  test.each<[string, Partial<SyncedMessage>, boolean]>([
    ['a text of somebody', {}, true],
    ['one that is delivered', { status: 1 }, true],
    ['one that is read', { status: 2 }, false],
    ['our own', { from: SELF, to: PEER }, false],
    ['one of the system', { is_system: true, from: '0' }, true],
    ['one without content', { content: '' }, true],
    ['a call being made', CALL, false],
    ['the record of a call', RECORD, true],
    ['a command', { type: 'command' }, false],
  ])('%s', (_, parts, unread) => {
    expect(isUnread(message(parts), SELF)).toBe(unread);
  });
});

describe('a mention', () => {
  const inGroup = (config: Record<string, unknown>, parts: Partial<SyncedMessage> = {}): boolean =>
    mentions(message({ toType: 'group', to: GROUP, config, ...parts }), SELF);

  test.each<[string, Record<string, unknown>, boolean]>([
    ['of our id as a number', { mentionList: [5, Number(SELF)] }, true],
    ['of our id as text', { mentionList: [SELF] }, true],
    ['of others', { mentionList: [5, 6] }, false],
    ['of everyone', { mentionAll: true }, true],
    ['of everyone, not said as true', { mentionAll: 'true' }, false],
    ['in a list that is none', { mentionList: { 0: SELF } }, false],
    ['in a list of what has no text', { mentionList: [{ toString: null }, Number(SELF)] }, true],
    ['of nobody', {}, false],
  ])('%s', (_, config, mentioned) => {
    expect(inGroup(config)).toBe(mentioned);
  });

  test('is only in a group, and never by oneself', () => {
    expect(inGroup({ mentionAll: true }, { toType: 'roster' })).toBe(false);
    expect(inGroup({ mentionAll: true }, { from: SELF })).toBe(false);
    expect(mentions(message({ toType: 'group', to: GROUP }), SELF)).toBe(false);
  });
});

describe('the preview', () => {
  test.each<[string, Partial<SyncedMessage>, string]>([
    ['a text', { content: 'hello' }, 'hello'],
    ['the record of a call', { ...RECORD, content: 'busy' }, 'busy'],
    ['an image', { type: 'image', content: 'a caption', attach: {} }, 'image'],
    ['a type of a newer server', { type: undefined, content: 'x' }, ''],
  ])('of %s', (_, parts, content) => {
    expect(previewOf(message(parts), undefined)).toEqual({
      previewId: '10',
      content,
      ext: '',
      timestamp: '1700000000010',
    });
  });

  test('of an older message changes nothing, compared as numbers', () => {
    const record = { ...emptyConversation(`r${PEER}`), previewId: '9' };
    expect(previewOf(message({ id: '10' }), record)).toBeDefined();
    expect(previewOf(message({ id: '9' }), record)).toBeDefined();
    expect(previewOf(message({ id: '8' }), record)).toBeUndefined();
    expect(previewOf(message({ id: '10' }), { ...record, previewId: '18446744073709551615' })).toBeUndefined();
  });

  test('of a message that the list does not show is empty', () => {
    expect(previewOf(message(CALL), undefined)).toBeUndefined();
  });
});

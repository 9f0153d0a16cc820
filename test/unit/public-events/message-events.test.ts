import { describe, expect, test } from 'vitest';
import { FlooError } from '../../../src/errors.ts';
import type { SyncedMessage } from '../../../src/model/message.ts';
import { emitEdit, emitMessage, emitSending } from '../../../src/public-events/message-events.ts';
import { storedMessage } from '../store/stored-message.ts';
import type { SyncEvent } from '../../../src/sync/sync-events.ts';
import { emittedBy } from './recorded-events.ts';

/** The user who is logged in. */
const SELF = '100';
const message = storedMessage(7, { content: 'hi' });
const publicMessage = { ...message, isOwn: false };

describe('a message', () => {
  const emitted = (change: Partial<SyncedMessage>, mentioned = false) =>
    emittedBy((emitter) =>
      emitMessage(
        emitter,
        {
          type: 'message',
          key: 'r200',
          message: { ...message, ...change },
          arrival: 'live',
          mentioned,
        },
        SELF,
      ),
    );

  test('is emitted for its kind of conversation', () => {
    expect(emitted({})).toEqual([['onRosterMessage', { ...publicMessage, arrival: 'live' }]]);
    expect(emitted({ from: SELF })).toMatchObject([['onRosterMessage', { isOwn: true }]]);
    expect(emitted({ toType: 'group' })).toMatchObject([['onGroupMessage', { id: '7' }]]);
  });

  test('is emitted as a mention first', () => {
    expect(emitted({ toType: 'group' }, true).map(([event]) => event)).toEqual(['onMentionMessage', 'onGroupMessage']);
  });

  test('of a call is emitted as a call first, and holds whether this device sent it', () => {
    expect(emitted({ type: 'rtc' })).toMatchObject([
      ['onRosterRTCMessage', { isNative: false }],
      ['onRosterMessage', {}],
    ]);
    expect(emitted({ type: 'rtc', clientMid: '5' })).toMatchObject([['onRosterRTCMessage', { isNative: true }], {}]);
    expect(emitted({ type: 'rtc', toType: 'group' })).toHaveLength(1);
  });
});

test('an edit holds the added or replaced text', () => {
  const edit = { id: '9', append: true, timestamp: '2', content: '!', config: '{"a":1}', ext: '' };
  const event: SyncEvent & { type: 'edited' } = { type: 'edited', key: 'r200', message, edit };
  const emitted = (edited: typeof event) => emittedBy((emitter) => emitEdit(emitter, edited, SELF));
  expect(emitted(event)).toEqual([
    ['onRosterMessageContentAppend', { ...publicMessage, appendedContent: '!', appendConfig: '{"a":1}' }],
  ]);
  expect(emitted({ ...event, key: 'g300', edit: { ...edit, append: false, ext: 'x' } })).toEqual([
    ['onGroupMessageReplace', { ...publicMessage, replaceConfig: '{"a":1}', replaceExt: 'x' }],
  ]);
});

test('a message emits sending, sent and failed', () => {
  const payload = (event: SyncEvent & { type: 'sending' | 'sent' | 'failed' }) =>
    emittedBy((emitter) => emitSending(emitter, event, SELF))[0]![1];
  const error = new FlooError('MessageCensored', 'no', { statusCode: 12 });
  const at = { mid: '5', message };
  const toPeer = { ...message, from: '100', to: '200' };
  expect(payload({ type: 'sending', mid: '5', message: toPeer })).toEqual({
    status: 'sending',
    mid: 5,
    uid: 200,
    message: { ...toPeer, isOwn: true },
  });
  expect(payload({ type: 'sent', ...at })).toEqual({ status: 'sent', mid: 5, message: publicMessage });
  expect(payload({ type: 'failed', mid: '5', message: undefined, error })).toEqual({
    status: 'failed',
    mid: 5,
    errorCode: 12,
    errorReason: 'no',
    error,
  });
});

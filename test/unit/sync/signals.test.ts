import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FlooError } from '../../../src/errors.ts';
import { MetaNameSpace, RtcSignalType, StatusErrorCode } from '../../../src/wire/index.ts';
import type { Meta } from '../../../src/wire/index.ts';
import { create, KEY, page } from './engine-harness.ts';
import type { Harness } from './engine-harness.ts';
import { chat, emitted, PEER, SELF, TIME } from './harness.ts';

const MEDIA_SERVER = 'wss://rtc.test';
const SIGNAL = { content: '{"janus":"keepalive"}', mediaServer: MEDIA_SERVER };

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

const received = (content: string, type: number = RtcSignalType.VIDEO_ROOM): Meta => ({
  id: '900',
  ns: MetaNameSpace.RTC_SIGNAL,
  from: { uid: '0' },
  to: { uid: SELF },
  timestamp: String(TIME),
  payload: { type, content, media_server: MEDIA_SERVER },
});

const signalsOf = ({ events }: Harness): string[] =>
  events.flatMap((event) => (event.type === 'signal' ? [event.content] : []));

describe('a received signal', () => {
  test('is emitted, stores nothing and acknowledges nothing', async () => {
    const harness = await create();
    const writes = vi.spyOn(harness.kv, 'commit');
    await harness.sync({ metas: [received('{"janus":"ack"}')], next_key: '0', is_eager_sync: true });
    expect(signalsOf(harness)).toEqual(['{"janus":"ack"}']);
    expect(harness.events).toHaveLength(1);
    expect(writes).not.toHaveBeenCalled();
    expect(harness.sent).toEqual([]);
  });

  test('without a conversation is not taken for the answer to a sync of the system queue', async () => {
    const harness = await create();
    harness.notice();
    expect(harness.words()).toEqual(['sync 0']);
    await harness.sync({ metas: [received('1')], next_key: '0' });
    await vi.advanceTimersByTimeAsync(20_001);
    expect(harness.heard).toEqual(['a sync was not answered']);
  });

  test('leaves the rest of its page as it is', async () => {
    const harness = await create();
    harness.notice(PEER);
    await harness.sync(page([received('1'), chat({ id: 5, content: 'hi' }), received('2')], '6'));
    expect(signalsOf(harness)).toEqual(['1', '2']);
    expect(harness.store.reader.newestMessages(KEY)).toMatchObject([{ content: 'hi' }]);
    expect(harness.words()).toEqual([`sync ${PEER}`, `sync ${PEER} key 6`]);
  });

  test('in a queue of its own lets the sync go on', async () => {
    const harness = await create();
    harness.notice();
    await harness.sync(page([received('1')], '901', '0'));
    expect(signalsOf(harness)).toEqual(['1']);
    expect(harness.words()).toEqual(['sync 0', 'sync 0 key 901']);
  });

  test('of another type is ignored', async () => {
    const harness = await create();
    await harness.sync({ metas: [received('x', RtcSignalType.UNKNOWN)], next_key: '0', is_eager_sync: true });
    expect(signalsOf(harness)).toEqual([]);
  });
});

describe('a sent signal', () => {
  const outcomeOf = async (sending: Promise<void>): Promise<string> =>
    sending.then(
      () => 'sent',
      (error: unknown) => (error as FlooError).reason,
    );
  const answer = async (harness: Harness, status: { code: number; reason?: string }): Promise<void> =>
    harness.sync({ status, client_mid: harness.sent[0]!.meta!.id!, server_mid: '7', server_time: String(TIME) });

  test('goes to no user, and is sent when the server has it', async () => {
    const harness = await create();
    const sending = outcomeOf(harness.engine.sendSignal(SIGNAL));
    expect(harness.sent[0]!.meta).toMatchObject({
      ns: MetaNameSpace.RTC_SIGNAL,
      payload: { type: RtcSignalType.VIDEO_ROOM, content: SIGNAL.content, media_server: MEDIA_SERVER },
    });
    expect(harness.sent[0]!.meta!.to).toBeUndefined();
    await answer(harness, { code: StatusErrorCode.OK });
    expect(await sending).toBe('sent');
    expect(emitted(harness.events)).toEqual([]);
  });

  test.each([
    [StatusErrorCode.FAIL, 'ServerRtcNotOpen'],
    [StatusErrorCode.INVALID_PARAMETER, 'InvalidParam'],
  ])('that is refused with %i fails with %s', async (code, reason) => {
    const harness = await create();
    const sending = outcomeOf(harness.engine.sendSignal(SIGNAL));
    await answer(harness, { code, reason: 'no' });
    expect(await sending).toBe(reason);
  });

  test('fails without a connection, when it ends, and without an answer', async () => {
    const offline = await create({ online: false });
    expect(await outcomeOf(offline.engine.sendSignal(SIGNAL))).toBe('ServerNotReachable');
    const harness = await create();
    const cut = outcomeOf(harness.engine.sendSignal(SIGNAL));
    harness.setOnline(false);
    expect(await cut).toBe('ServerNotReachable');
    harness.setOnline(true);
    const late = outcomeOf(harness.engine.sendSignal(SIGNAL));
    await vi.advanceTimersByTimeAsync(20_001);
    expect(await late).toBe('ServerTimeOut');
    expect(vi.getTimerCount()).toBe(0);
  });
});

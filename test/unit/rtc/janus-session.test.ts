import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FlooError } from '../../../src/errors.ts';
import { JanusSession } from '../../../src/rtc/janus-session.ts';
import type { HandleListener } from '../../../src/rtc/janus-session.ts';
import { printJanus } from '../../../src/rtc/janus-json.ts';
import { FakeJanus } from './fake-janus.ts';

let janus: FakeJanus;
let session: JanusSession;
let gone = 0;

const listener: HandleListener = { onEvent: vi.fn(), onCandidate: vi.fn(), onUp: vi.fn() };

beforeEach(async () => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  gone = 0;
  janus = new FakeJanus();
  session = new JanusSession(janus.port, 'wss://media.test', () => gone++);
  janus.deliver = (content) => session.handle(content);
  await session.create();
});

afterEach(async () => {
  janus.isSilent = false;
  await session.destroy();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('ids of 64 bits are exact in both directions', async () => {
  const handle = await session.attach(listener);
  await session.message(handle, { request: 'join', id: '9000000000000000123', display: '"id":"12"' });
  expect(janus.texts.at(-1)).toContain('"id":9000000000000000123,');
  expect(janus.texts.at(-1)).toContain(String.raw`"display":"\"id\":\"12\""`);
  janus.deliver(
    printJanus({
      ...{ janus: 'event', session_id: String(janus.requests.at(-1)!.session_id) },
      ...{ sender: janus.requests.at(-1)!.handle_id, plugindata: { data: { room: '9000000000000000123' } } },
    }),
  );
  expect(listener.onEvent).toHaveBeenCalledWith({ data: { room: '9000000000000000123' }, jsep: undefined });
});

test('a refusal names its code, and nothing of the request', async () => {
  const handle = await session.attach(listener);
  janus.refuse('join', 433);
  const error = await session
    .message(handle, { request: 'join', pin: 'very secret' })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ reason: 'UserPermissionDenied', details: { janus: { code: 433 } } });
  expect(JSON.stringify(error) + String(error)).not.toContain('very secret');
});

test('no answer within 15 s is a timeout', async () => {
  janus.isSilent = true;
  const result = expect(session.attach(listener)).rejects.toMatchObject({ reason: 'ServerTimeOut' });
  await vi.advanceTimersByTimeAsync(15_000);
  await result;
});

test('a signal that came too soon is sent once more, a second later', async () => {
  const { sendSignal } = janus.port;
  const send = vi.fn(sendSignal).mockRejectedValueOnce(new FlooError('MessageRateLimitExceeded', 'slow down'));
  const slowed = new JanusSession({ ...janus.port, sendSignal: send }, 'wss://media.test', () => undefined);
  janus.deliver = (content) => slowed.handle(content);
  const created = slowed.create();
  await vi.advanceTimersByTimeAsync(1000);
  await created;
  expect(send).toHaveBeenCalledTimes(2);
  await slowed.destroy();
});

test('it is kept alive, and its end is noticed', async () => {
  await vi.advanceTimersByTimeAsync(25_000);
  expect(janus.requests.at(-1)!.janus).toBe('claim');
  janus.isOnline = false;
  await vi.advanceTimersByTimeAsync(25_000);
  janus.isOnline = true;
  expect(gone).toBe(0);
  janus.forget();
  await vi.advanceTimersByTimeAsync(25_000);
  expect(gone).toBe(1);
});

test('Janus may end it by itself, and the end of another one is nothing', async () => {
  session.handle('{"janus":"timeout","session_id":1}');
  expect(gone).toBe(0);
  session.handle(`{"janus":"timeout","session_id":${[...janus.sessions][0]!}}`);
  expect(gone).toBe(1);
});

test('what cannot be read, or is of nobody, is skipped', () => {
  for (const content of ['', 'no JSON', 'null', '[]', '{"janus":1}', '{"janus":"event","sender":5,"plugindata":{}}'])
    session.handle(content);
  expect(listener.onEvent).not.toHaveBeenCalled();
});

test('the end rejects what waits, and ends the session at Janus after the last request', async () => {
  const handle = await session.attach(listener);
  janus.isSilent = true;
  const waiting = expect(session.message(handle, { request: 'join' })).rejects.toMatchObject({
    reason: 'ServerNeedReconnected',
  });
  janus.isSilent = false;
  const ended = session.destroy({ handle, body: { request: 'destroy' } });
  expect(janus.requests.at(-1)).toMatchObject({ janus: 'message', body: { request: 'destroy' } });
  await waiting;
  await expect(session.attach(listener)).rejects.toMatchObject({ reason: 'ServerNeedReconnected' });
  await ended;
  expect(janus.requests.at(-1)).toMatchObject({ janus: 'destroy' });
  await vi.advanceTimersByTimeAsync(0);
  expect([...janus.sessions]).toEqual([]);
});

test('one that ends before Janus has named it is ended when Janus has', async () => {
  await session.destroy();
  const second = new JanusSession(janus.port, 'wss://media.test', () => undefined);
  janus.deliver = (content) => second.handle(content);
  const created = expect(second.create()).rejects.toMatchObject({ reason: 'ServerNeedReconnected' });
  await second.destroy();
  await created;
  await vi.advanceTimersByTimeAsync(0);
  expect([...janus.sessions]).toEqual([]);
});

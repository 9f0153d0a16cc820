import { expect, test } from 'vitest';
import type { ConnectionStatus } from '../../../src/chronicle/connection-status.ts';
import { FlooError } from '../../../src/errors.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { StatusLine } from '../../../src/public-events/connection-status.ts';
import type { StatusFacts } from '../../../src/public-events/connection-status.ts';

const NOTHING: StatusFacts = {
  connection: { name: 'idle' },
  isOffline: false,
  isPortal: false,
  isLoggedIn: false,
  isLoggingIn: false,
};
const LOST = new FlooError('ServerNeedReconnected', 'socket-closed');
const AWAY = new FlooError('ServerConnectFailed', 'connect-failed');
const TRYING = { attempt: 0, eager: false };

function create() {
  let facts = NOTHING;
  let now = 1000;
  const heard: ConnectionStatus[] = [];
  const line = new StatusLine({
    clock: { ...systemClock, now: () => now },
    facts: () => facts,
    emit: (status) => heard.push(status),
  });
  const become = async (...changes: Partial<StatusFacts>[]): Promise<void> => {
    for (const change of changes) {
      facts = { ...facts, ...change };
      now++;
      line.update();
    }
    await Promise.resolve();
  };
  return { line, heard, become };
}

test('the states of a session, each with its reason', async () => {
  const { heard, become } = create();
  await become({});
  await become({ isLoggingIn: true });
  await become({ isLoggedIn: true, connection: { name: 'resolving', ...TRYING } });
  await become(
    { connection: { name: 'connecting', ...TRYING } },
    { connection: { name: 'authenticating', ...TRYING } },
  );
  await become({ isLoggingIn: false, connection: { name: 'online', attempt: 0 } });
  await become({ connection: { name: 'online', attempt: 0, isCaughtUp: true } });
  await become({ connection: { name: 'waiting', attempt: 1, cause: LOST, retryAt: 5000 } });
  await become({ connection: { name: 'resolving', attempt: 1, eager: false } });
  await become({ connection: { name: 'waiting', attempt: 2, cause: AWAY, retryAt: 7000 } });
  await become({ isOffline: true });
  await become({ isOffline: false, isPortal: true });
  await become({ connection: { name: 'rejected', cause: new FlooError('UserKickedByOtherDevices') } });
  await become({ connection: { name: 'closed' } });
  await become({ isLoggedIn: false });
  expect(heard.map(({ since: _since, ...status }) => status)).toEqual([
    { state: 'connecting', reason: 'starting' },
    { state: 'syncing', reason: 'catchingUp' },
    { state: 'online', reason: 'upToDate' },
    { state: 'waiting', reason: 'lost', error: 'ServerNeedReconnected', retryAt: 5000 },
    { state: 'connecting', reason: 'reconnecting' },
    { state: 'waiting', reason: 'unreachable', error: 'ServerConnectFailed', retryAt: 7000 },
    { state: 'waiting', reason: 'noNetwork', error: 'ServerConnectFailed', retryAt: 7000 },
    { state: 'waiting', reason: 'portal', error: 'ServerConnectFailed', retryAt: 7000 },
    { state: 'offline', reason: 'ended', error: 'UserKickedByOtherDevices' },
    { state: 'offline', reason: 'disconnected' },
    { state: 'offline', reason: 'notLoggedIn' },
  ]);
});

test('a stored session that is being opened is connecting; since is when the state began, not its reason', async () => {
  const { heard, line, become } = create();
  await become({ isLoggedIn: true });
  expect(heard).toEqual([{ state: 'connecting', reason: 'starting', since: 1001 }]);
  await become({ connection: { name: 'waiting', attempt: 1, cause: AWAY, retryAt: 2000 } });
  await become({ isOffline: true });
  expect(heard.slice(1).map(({ since }) => since)).toEqual([1002, 1002]);
  expect(line.current).toEqual(heard[2]);
});

test('what changes and changes back in one turn, and what did not change, is not emitted; nothing is after the end', async () => {
  const { heard, line, become } = create();
  await become({});
  await become({ connection: { name: 'resolving', ...TRYING } }, { connection: { name: 'idle' } });
  await become({ isLoggedIn: true });
  await become({});
  expect(heard.length).toBe(1);
  line.update();
  line.close();
  await become({ isLoggedIn: false });
  expect(heard.length).toBe(1);
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MiniProgramApi } from '../../../../src/platform/mini-program/api.ts';
import { createMiniProgramSockets } from '../../../../src/platform/mini-program/sockets.ts';
import type { SocketFactory } from '../../../../src/platform/ports.ts';
import { settle } from '../../../support/settle.ts';

/** A platform whose sockets are driven by the test. */
interface FakeTask {
  url: string;
  calls: string[];
  open(): void;
  error(errMsg: string): void;
  closed(): void;
  failToConnect(errMsg: string): void;
}

function fakePlatform(): { tasks: FakeTask[]; sockets: SocketFactory; heard: string[]; open(url: string): () => void } {
  const tasks: FakeTask[] = [];
  const heard: string[] = [];
  const connectSocket: MiniProgramApi['connectSocket'] = ({ url, fail }) => {
    const on: Record<string, (payload?: unknown) => void> = {};
    const calls: string[] = [];
    tasks.push({
      url,
      calls,
      open: () => on['open']!(),
      error: (errMsg) => on['error']!({ errMsg }),
      closed: () => on['close']!({ code: 1000, reason: '' }),
      failToConnect: (errMsg) => fail!({ errMsg }),
    });
    const bind = (name: string) => (listener: unknown) => void (on[name] = listener as (payload?: unknown) => void);
    return {
      send: ({ fail: failed }) => {
        calls.push('send');
        failed!({ errMsg: 'sendSocketMessage:fail' });
      },
      close: () => calls.push('close'),
      onOpen: bind('open'),
      onMessage: bind('message'),
      onError: bind('error'),
      onClose: bind('close'),
    };
  };
  const sockets = createMiniProgramSockets({ connectSocket } as MiniProgramApi);
  return {
    tasks,
    sockets,
    heard,
    open: (url) => {
      const socket = sockets(url, {
        onOpen: () => heard.push(`${url} open`),
        onMessage: () => heard.push(`${url} message`),
        onClose: (detail) => heard.push(`${url} close ${detail}`),
      });
      return () => socket.close();
    },
  };
}

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

describe('the sockets of a mini-program', () => {
  test('are opened one after the other: each when the one before has closed', async () => {
    const { tasks, heard, open } = fakePlatform();
    const close = open('ws://one');
    await settle();
    tasks[0]!.open();
    close();
    expect(heard).toEqual(['ws://one open', 'ws://one close closed by client']);
    open('ws://two');
    await settle();
    expect(tasks.map(({ url }) => url)).toEqual(['ws://one']);
    tasks[0]!.closed();
    await settle();
    expect(tasks.map(({ url }) => url)).toEqual(['ws://one', 'ws://two']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('wait 3 s for a platform that does not report a close', async () => {
    const { tasks, open } = fakePlatform();
    const close = open('ws://one');
    await settle();
    tasks[0]!.open();
    close();
    open('ws://two');
    await vi.advanceTimersByTimeAsync(2999);
    expect(tasks.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await settle();
    expect(tasks.length).toBe(2);
  });

  test('that are closed while they wait are never opened, and delay no other', async () => {
    const { tasks, heard, open } = fakePlatform();
    const closeFirst = open('ws://one');
    await settle();
    open('ws://two')();
    open('ws://three');
    tasks[0]!.open();
    closeFirst();
    tasks[0]!.closed();
    await settle();
    expect(tasks.map(({ url }) => url)).toEqual(['ws://one', 'ws://three']);
    expect(heard).toContain('ws://two close closed by client');
  });

  test('that cannot be closed before they open are closed then, and emit nothing more', async () => {
    const { tasks, heard, open } = fakePlatform();
    const close = open('ws://one');
    await settle();
    close();
    tasks[0]!.open();
    expect(tasks[0]!.calls).toEqual(['close', 'close']);
    expect(heard).toEqual(['ws://one close closed by client']);
  });

  test.each(['error', 'failToConnect'] as const)('%s before it opened ends one at once', async (how) => {
    const { tasks, heard, open } = fakePlatform();
    open('ws://one');
    await settle();
    tasks[0]![how]('no route');
    open('ws://two');
    await settle();
    expect(heard).toEqual(['ws://one close no route']);
    expect(tasks.length).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a send that fails ends the socket', async () => {
    const { tasks, heard, sockets } = fakePlatform();
    const socket = sockets('ws://one', {
      onOpen: () => heard.push('open'),
      onMessage: () => undefined,
      onClose: (detail) => heard.push(detail),
    });
    await settle();
    tasks[0]!.open();
    socket.send(Uint8Array.of(1));
    expect(heard).toEqual(['open', 'sendSocketMessage:fail']);
    expect(tasks[0]!.calls).toEqual(['send', 'close']);
  });
});

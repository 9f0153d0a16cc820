import { describe, expect, test } from 'vitest';
import type { Socket, SocketFactory } from '../../src/platform/ports.ts';

/** The URLs of the servers of the suite. */
export interface SocketContractUrls {
  /** Sends every message back as it came; closes with code 4000 and the reason `bye` on the text `close me`. */
  echo: string;
  /** Nobody listens there. */
  unreachable: string;
}

interface Opened {
  socket: Socket;
  /** `open`, `text …`, `bytes 1,2,3`, `close …`, in order. */
  heard: string[];
  /** Resolves when something that starts so was heard. */
  hear(start: string): Promise<string>;
}

/** The behaviour of every SocketFactory. Needs no Node API: it runs in a real browser as well. */
export function socketContract(name: string, setUp: () => { factory: SocketFactory; urls: SocketContractUrls }): void {
  describe(`${name}: a SocketFactory`, () => {
    test('opens, and sends text and bytes both ways in order', async () => {
      const { socket, heard, hear } = open((urls) => urls.echo);
      await hear('open');
      socket.send('grüße 😀');
      socket.send(Uint8Array.of(0, 4, 255));
      socket.send(new Uint8Array(0));
      socket.send('');
      socket.send('end');
      await hear('text end');
      expect(heard).toEqual(['open', 'text grüße 😀', 'bytes 0,4,255', 'bytes ', 'text ', 'text end']);
      socket.close();
    });

    test('sends the view, not the buffer under it', async () => {
      const { socket, hear } = open((urls) => urls.echo);
      await hear('open');
      socket.send(Uint8Array.of(9, 1, 2, 9).subarray(1, 3));
      expect(await hear('bytes')).toBe('bytes 1,2');
      socket.close();
    });

    test('carries a megabyte', async () => {
      const { socket, hear } = open((urls) => urls.echo);
      await hear('open');
      socket.send('x'.repeat(1 << 20));
      expect((await hear('text')).length).toBe('text '.length + (1 << 20));
      socket.close();
    });

    test('emits once that the server closed, with code and reason', async () => {
      const { socket, heard, hear } = open((urls) => urls.echo);
      await hear('open');
      socket.send('close me');
      expect(await hear('close')).toBe('close 4000 bye');
      socket.send('too late');
      socket.close();
      await roundTrip();
      expect(heard).toEqual(['open', 'close 4000 bye']);
    });

    test.each(['unreachable', 'no URL at all'])(
      '%s: closes once, after the call returned, and never opens',
      async (where) => {
        const { heard, hear } = open((urls) => (where === 'unreachable' ? urls.unreachable : 'nonsense://'));
        expect(heard).toEqual([]);
        await hear('close');
        await roundTrip();
        expect(heard.length).toBe(1);
      },
    );

    test('close() while open emits the close at once and only once', async () => {
      const { socket, heard, hear } = open((urls) => urls.echo);
      await hear('open');
      socket.send('on its way');
      socket.close();
      expect(heard.map((line) => line.split(' ')[0])).toEqual(['open', 'close']);
      socket.close();
      socket.send('too late');
      await roundTrip();
      expect(heard.length).toBe(2);
    });

    test.each(['echo', 'unreachable'] as const)('close() before open is silent and safe: %s', async (where) => {
      const { socket, heard } = open((urls) => urls[where]);
      socket.close();
      expect(heard.length).toBe(1);
      socket.close();
      await roundTrip();
      expect(heard.map((line) => line.split(' ')[0])).toEqual(['close']);
    });

    test('close() a moment after the call, still before open, is silent and safe', async () => {
      const { socket, heard } = open((urls) => urls.echo);
      await Promise.resolve();
      socket.close();
      await roundTrip();
      expect(heard.map((line) => line.split(' ')[0])).toEqual(['close']);
    });

    test('drops data that is sent before open', async () => {
      const { socket, heard, hear } = open((urls) => urls.echo);
      socket.send('too early');
      await hear('open');
      socket.send('in time');
      await hear('text');
      expect(heard).toEqual(['open', 'text in time']);
      socket.close();
    });

    test('two sockets share nothing', async () => {
      const [one, two] = [open((urls) => urls.echo), open((urls) => urls.echo)];
      await Promise.all([one.hear('open'), two.hear('open')]);
      one.socket.close();
      two.socket.send('still here');
      await two.hear('text still here');
      expect(one.heard.length).toBe(2);
      two.socket.close();
    });
  });

  function open(choose: (urls: SocketContractUrls) => string): Opened {
    const { factory, urls } = setUp();
    const heard: string[] = [];
    const waiting: { start: string; resolve: (line: string) => void }[] = [];
    function add(line: string): void {
      heard.push(line);
      for (const wait of waiting) if (line.startsWith(wait.start)) wait.resolve(line);
    }
    const socket = factory(choose(urls), {
      onOpen: () => add('open'),
      onMessage: (data) => add(typeof data === 'string' ? `text ${data}` : `bytes ${data.join(',')}`),
      onClose: (detail) => add(`close ${detail}`),
    });
    return {
      socket,
      heard,
      hear: (start) =>
        new Promise((resolve) => {
          const line = heard.find((candidate) => candidate.startsWith(start));
          if (line === undefined) waiting.push({ start, resolve });
          else resolve(line);
        }),
    };
  }

  /**
   * Another socket opens and gets an answer. Whatever the server was sent before, it has answered by then, so an event
   * that must not come would have come.
   */
  async function roundTrip(): Promise<void> {
    const { socket, hear } = open((urls) => urls.echo);
    await hear('open');
    socket.send('round trip');
    await hear('text round trip');
    socket.close();
  }
}

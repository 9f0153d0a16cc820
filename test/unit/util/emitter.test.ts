import { describe, expect, test, vi } from 'vitest';
import { Emitter } from '../../../src/util/emitter.ts';

interface Events {
  said: string;
  counted: number;
}

function createEmitter(identity: 'reference' | 'source text') {
  const errors: [unknown, string][] = [];
  const emitter = new Emitter<Events>({
    bySourceText: identity === 'source text',
    onHandlerError: (error, event) => errors.push([error, event]),
  });
  return { emitter, errors };
}

describe.each(['reference', 'source text'] as const)('handlers known by %s', (identity) => {
  test('hear their event with its payload, in the order they were bound', () => {
    const { emitter } = createEmitter(identity);
    const heard: string[] = [];
    emitter.on('said', (text) => heard.push(`first ${text}`));
    emitter.on('said', (text) => heard.push(`second ${text}`));
    emitter.on('counted', (count) => heard.push(`count ${count}`));
    emitter.emit('said', 'a');
    emitter.emit('counted', 1);
    expect(heard).toEqual(['first a', 'second a', 'count 1']);
  });

  test('an event without handlers is ignored', () => {
    const { emitter, errors } = createEmitter(identity);
    emitter.emit('said', 'a');
    emitter.off('said', () => undefined);
    expect(errors).toEqual([]);
  });

  test('a handler bound twice runs once, and is gone after one off', () => {
    const { emitter } = createEmitter(identity);
    const handler = vi.fn();
    emitter.on('said', handler);
    emitter.on('said', handler);
    emitter.emit('said', 'a');
    expect(handler).toHaveBeenCalledTimes(1);
    emitter.off('said', handler);
    emitter.emit('said', 'b');
    expect(handler).toHaveBeenCalledTimes(1);
  });

  test('one that throws is reported; the other handlers run and the caller goes on', () => {
    const { emitter, errors } = createEmitter(identity);
    const failure = new Error('app bug');
    const last = vi.fn();
    emitter.on('said', () => {
      throw failure;
    });
    emitter.on('said', last);
    emitter.emit('said', 'a');
    expect(last).toHaveBeenCalledWith('a');
    expect(errors).toEqual([[failure, 'said']]);
  });

  test('unsubscribing twice does nothing more', () => {
    const { emitter } = createEmitter(identity);
    const handler = vi.fn();
    const unsubscribe = emitter.on('said', handler);
    unsubscribe();
    unsubscribe();
    emitter.emit('said', 'a');
    expect(handler).not.toHaveBeenCalled();
  });

  test('an unsubscriber that was used does not end a later binding of the same handler', () => {
    const { emitter } = createEmitter(identity);
    const handler = vi.fn();
    const unsubscribe = emitter.on('said', handler);
    unsubscribe();
    emitter.on('said', handler);
    unsubscribe();
    emitter.emit('said', 'a');
    expect(handler).toHaveBeenCalledTimes(1);
  });

  test('an unsubscriber ends its own binding, not the one that took its place', () => {
    const { emitter } = createEmitter(identity);
    const handler = vi.fn();
    const replaced = emitter.on('said', handler);
    const current = emitter.on('said', handler);
    replaced();
    emitter.emit('said', 'a');
    expect(handler).toHaveBeenCalledTimes(1);
    current();
    emitter.emit('said', 'b');
    expect(handler).toHaveBeenCalledTimes(1);
  });

  test('one unbound while its event is emitted still runs, and not again', () => {
    const { emitter } = createEmitter(identity);
    const heard: string[] = [];
    const second = (text: string): void => void heard.push(`second ${text}`);
    emitter.on('said', (text) => {
      heard.push(`first ${text}`);
      emitter.off('said', second);
    });
    emitter.on('said', second);
    emitter.emit('said', 'a');
    emitter.emit('said', 'b');
    expect(heard).toEqual(['first a', 'second a', 'first b']);
  });

  test('one bound while its event is emitted hears the next one', () => {
    const { emitter } = createEmitter(identity);
    const late = vi.fn();
    emitter.on('said', () => void emitter.on('said', late));
    emitter.emit('said', 'a');
    expect(late).not.toHaveBeenCalled();
    emitter.emit('said', 'b');
    expect(late).toHaveBeenCalledTimes(1);
    expect(late).toHaveBeenCalledWith('b');
  });
});

describe('the same inline function, made twice', () => {
  const make = (heard: string[]) => (text: string) => void heard.push(text);

  test('is two handlers by reference', () => {
    const { emitter } = createEmitter('reference');
    const heard: string[] = [];
    emitter.on('said', make(heard));
    emitter.on('said', make(heard));
    emitter.off('said', make(heard));
    emitter.emit('said', 'a');
    expect(heard).toEqual(['a', 'a']);
  });

  test('is one by source text: the newest, and any copy of it unbinds it', () => {
    const { emitter } = createEmitter('source text');
    const [old, current]: [string[], string[]] = [[], []];
    emitter.on('said', make(old));
    emitter.on('said', make(current));
    emitter.emit('said', 'a');
    expect([old, current]).toEqual([[], ['a']]);
    emitter.off('said', make([]));
    emitter.emit('said', 'b');
    expect([old, current]).toEqual([[], ['a']]);
  });

  test('by source text, the unsubscriber of a binding that was replaced leaves the new one', () => {
    const { emitter } = createEmitter('source text');
    const heard: string[] = [];
    const unsubscribe = emitter.on('said', make([]));
    emitter.on('said', make(heard));
    unsubscribe();
    emitter.emit('said', 'a');
    expect(heard).toEqual(['a']);
  });
});

describe('an asynchronous handler', () => {
  const failure = new Error('app bug');
  const rejecting: Readonly<Record<string, () => unknown>> = {
    'an async function': async () => {
      throw failure;
    },
    'a rejected promise': async () => Promise.reject(failure),
    'a promise of another library': () => ({ then: (_: unknown, reject: (error: unknown) => void) => reject(failure) }),
    'a thenable that throws': () => ({
      then: () => {
        throw failure;
      },
    }),
    'a thenable that cannot be read': () =>
      Object.defineProperty({}, 'then', {
        get: () => {
          throw failure;
        },
      }),
  };
  test.each(Object.keys(rejecting))('that fails as %s is reported, and the others run', async (name) => {
    const { emitter, errors } = createEmitter('reference');
    const last = vi.fn();
    emitter.on('said', rejecting[name]!);
    emitter.on('said', last);
    emitter.emit('said', 'a');
    expect(last).toHaveBeenCalledWith('a');
    await vi.waitFor(() => expect(errors).toEqual([[failure, 'said']]));
  });

  test('that fails while its failure cannot be printed harms nobody', async () => {
    const emitter = new Emitter<Events>({
      bySourceText: false,
      onHandlerError: () => {
        throw failure;
      },
    });
    const last = vi.fn();
    emitter.on('said', rejecting['an async function']!);
    emitter.on('said', () => {
      throw failure;
    });
    emitter.on('said', last);
    expect(() => emitter.emit('said', 'a')).not.toThrow();
    await Promise.resolve();
    expect(last).toHaveBeenCalledWith('a');
  });
});

test('a payload is a copy at every depth, the same one for all handlers; an error is not copied', () => {
  const emitter = new Emitter<{ came: { list: { a: number }[]; error: Error } }>({
    bySourceText: false,
    onHandlerError: () => undefined,
  });
  const payload = { list: [{ a: 1 }], error: new Error('x') };
  const heard: unknown[] = [];
  emitter.on('came', (came) => {
    heard.push(came);
    came.list[0]!.a = 2;
    came.list.push({ a: 3 });
  });
  emitter.on('came', (came) => heard.push(came));
  emitter.emit('came', payload);
  expect(payload.list).toEqual([{ a: 1 }]);
  expect(heard[0]).toBe(heard[1]);
  expect(heard[0]).toEqual({ list: [{ a: 2 }, { a: 3 }], error: payload.error });
  expect((heard[0] as typeof payload).error).toBe(payload.error);
});

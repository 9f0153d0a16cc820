import { expect, test } from 'vitest';
import { createDeferred } from '../../../src/util/deferred.ts';
import { createExclusive } from '../../../src/util/exclusive.ts';

test('runs tasks one at a time, in the order of the calls', async () => {
  const exclusive = createExclusive();
  const log: string[] = [];
  const gates = [createDeferred(), createDeferred(), createDeferred()];
  const tasks = gates.map(async (gate, index) =>
    exclusive(async () => {
      log.push(`start ${index}`);
      await gate.promise;
      log.push(`end ${index}`);
      return index;
    }),
  );
  gates[2]!.resolve();
  gates[1]!.resolve();
  await Promise.resolve();
  expect(log).toEqual(['start 0']);
  gates[0]!.resolve();
  expect(await Promise.all(tasks)).toEqual([0, 1, 2]);
  expect(log).toEqual(['start 0', 'end 0', 'start 1', 'end 1', 'start 2', 'end 2']);
});

test('a task that fails fails alone', async () => {
  const exclusive = createExclusive();
  const failing = exclusive(async () => Promise.reject(new Error('one')));
  const next = exclusive(async () => 'two');
  await expect(failing).rejects.toThrow('one');
  expect(await next).toBe('two');
});

test('a task that throws before its first await fails alone', async () => {
  const exclusive = createExclusive();
  const failing = exclusive(() => {
    throw new Error('at once');
  });
  const next = exclusive(async () => 'two');
  await expect(failing).rejects.toThrow('at once');
  expect(await next).toBe('two');
});

test('a task called from within another runs after it', async () => {
  const exclusive = createExclusive();
  const log: string[] = [];
  let inner: Promise<void> | undefined;
  await exclusive(async () => {
    inner = exclusive(async () => void log.push('inner'));
    await Promise.resolve();
    log.push('outer');
  });
  await inner;
  expect(log).toEqual(['outer', 'inner']);
});

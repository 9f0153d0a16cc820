import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FlooError, restError } from '../../../src/errors.ts';
import type { AppSource } from '../../../src/managers/app-source.ts';
import { createLinkParser } from '../../../src/managers/link-parser.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import type { Deferred } from '../../../src/util/deferred.ts';
import { fake } from '../../support/fakes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function create(linkServers: string[] = ['a', 'b', 'c']) {
  const asked: string[] = [];
  const answers: Deferred<object>[] = [];
  const app = fake<AppSource>({
    hosts: { answer: { linkServers } },
    options: { linkServer: 'https://own/info' },
  });
  const parser = createLinkParser({
    app: () => app,
    clock: systemClock,
    visit: async (url, params) => {
      asked.push(`${url} ${JSON.stringify(params)}`);
      const answer = createDeferred<object>();
      answers.push(answer);
      return answer.promise;
    },
  });
  return { ...parser, asked, answers };
}

test('a link is asked for at the server that is named', async () => {
  const { asyncParseLink, asked, answers } = create();
  const parsed = asyncParseLink('https://x/info', { link: 'L' });
  await vi.advanceTimersByTimeAsync(0);
  answers[0]!.resolve({ uid: 1 });
  expect(await parsed).toEqual({ uid: 1 });
  expect(asked).toEqual(['https://x/info {"link":"L"}']);
});

test('one more link server is asked each second; the first answer wins and nobody is asked any more', async () => {
  const { asyncParseLinkV2, asked, answers } = create();
  const parsed = asyncParseLinkV2('L');
  await vi.advanceTimersByTimeAsync(999);
  expect(asked.length).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[1]).toBe('https://b/info {"link":"L"}');
  answers[1]!.resolve({ uid: 2 });
  expect(await parsed).toEqual({ uid: 2 });
  expect(vi.getTimerCount()).toBe(0);
});

test('an unreachable server is left for the next; a refusal of the link is final', async () => {
  const { asyncParseLinkV2, answers } = create();
  const parsed = asyncParseLinkV2('L').catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1000);
  answers[0]!.reject(new FlooError('ServerTimeOut'));
  answers[1]!.reject(restError(10002, 'no such link', ''));
  expect(await parsed).toMatchObject({ code: 10002 });
  expect(vi.getTimerCount()).toBe(0);
});

test('the last failure is reported when no server is reachable', async () => {
  const { asyncParseLinkV2, answers } = create(['a', 'b']);
  const parsed = asyncParseLinkV2('L').catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1000);
  answers[0]!.reject(new FlooError('ServerNotReachable'));
  answers[1]!.reject(new FlooError('ServerTimeOut'));
  expect(await parsed).toMatchObject({ reason: 'ServerTimeOut' });
});

test('without link servers the configured one is asked; without a link no server is asked', async () => {
  const { asyncParseLinkV2, asked } = create([]);
  void asyncParseLinkV2('L');
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(['https://own/info {"link":"L"}']);
  await expect(asyncParseLinkV2('')).rejects.toMatchObject({ reason: 'InvalidParam' });
});

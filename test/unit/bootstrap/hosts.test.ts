import { createChronicle } from '../../../src/chronicle/chronicle.ts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { DnsAnswer } from '../../../src/bootstrap/dns-answer.ts';
import { Hosts } from '../../../src/bootstrap/hosts.ts';
import type { HostKind } from '../../../src/bootstrap/hosts.ts';
import { FlooError, isFlooError } from '../../../src/errors.ts';
import { createMemoryPreferences } from '../../../src/platform/memory/index.ts';
import type { Preferences } from '../../../src/platform/ports.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import type { Deferred } from '../../../src/util/deferred.ts';
import { settle } from '../../support/settle.ts';
import { createFakeHttp } from '../http/fake-http.ts';
import type { FakeRequest } from '../http/fake-http.ts';

/** Clusters by the names of their hosts: `['r1 r2', 's1 s2']`. */
const answerOf = (...clusters: [ratel: string, fireplace: string][]): DnsAnswer => ({
  clusters: clusters.map(([ratel, fireplace]) => ({
    ratel: ratel.split(' '),
    fireplace: fireplace.split(' '),
    rtc: [],
  })),
  appStatus: 'normal',
  accountVerification: {},
  dnsServers: ['known'],
  linkServers: [],
  serverIp: '',
});

afterEach(() => {
  vi.useRealTimers();
});

interface Harness {
  hosts: Hosts;
  preferences: Preferences;
  /** Questions of DNS, with the servers they named. */
  asked: { known: readonly string[]; answer: Deferred<DnsAnswer> }[];
  requests: FakeRequest[];
  /** The codes of the steps that it wrote. */
  codes(): string[];
}

function create(preferences: Preferences = createMemoryPreferences()): Harness {
  const asked: Harness['asked'] = [];
  const { http, requests } = createFakeHttp();
  const { write, steps } = createChronicle(systemClock);
  const hosts = new Hosts({
    async ask(known) {
      const answer = createDeferred<DnsAnswer>();
      asked.push({ known, answer });
      return answer.promise;
    },
    http,
    clock: systemClock,
    preferences,
    write,
    cacheKey: 'dns',
  });
  return { hosts, preferences, asked, requests, codes: () => steps().map(({ code }) => code) };
}

async function createWith(answer: DnsAnswer): Promise<Harness> {
  const harness = create();
  const ready = harness.hosts.ready();
  harness.asked[0]!.answer.resolve(answer);
  // Promises only: some tests have fake timers.
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  harness.requests[0]?.answer('');
  await ready;
  return harness;
}

/** Reports hosts as failed until no other is left. @returns the hosts that were in use, in order */
function exhaust(hosts: Hosts, kind: HostKind): string[] {
  const used: string[] = [];
  do used.push(hosts.current(kind)!);
  while (hosts.failed(kind, hosts.current(kind)!) && used.length < 50);
  return used;
}

describe('before any answer', () => {
  test('no host is known, and none can be left', () => {
    const { hosts } = create();
    expect(hosts.answer).toBeUndefined();
    expect(hosts.current('ratel')).toBeUndefined();
    expect(hosts.failed('ratel', 'r')).toBe(false);
  });

  test('ready waits for DNS, and rejects with its reason', async () => {
    const { hosts, asked } = create();
    const ready = hosts.ready();
    asked[0]!.answer.reject(new FlooError('ServerTimeOut'));
    await expect(ready).rejects.toSatisfy((error) => isFlooError(error, 'ServerTimeOut'));
    const again = hosts.ready();
    expect(asked.length).toBe(2);
    asked[1]!.answer.resolve(answerOf(['r', 's']));
    await again;
    expect([hosts.current('ratel'), hosts.current('fireplace')]).toEqual(['r', 's']);
  });

  test('calls at the same time share one request', async () => {
    const { hosts, asked } = create();
    const calls = [hosts.ready(), hosts.refresh(), hosts.ready()];
    expect(asked.length).toBe(1);
    asked[0]!.answer.resolve(answerOf(['r', 's']));
    await Promise.all(calls);
    void hosts.refresh();
    expect(asked.length).toBe(2);
  });
});

describe('a cached answer', () => {
  test('is used at once and refreshed from the servers that it names', async () => {
    const { preferences } = await createWith(answerOf(['http://old', 'http://olds']));
    const { hosts, asked } = create(preferences);
    expect(hosts.current('ratel')).toBe('http://old');
    await hosts.ready();
    expect(asked.length).toBe(0);
    const refresh = hosts.refresh();
    expect(asked[0]!.known).toEqual(['known']);
    asked[0]!.answer.resolve(answerOf(['http://new', 'http://news']));
    await refresh;
    expect(hosts.current('ratel')).toBe('http://new');
    expect(create(preferences).hosts.current('ratel')).toBe('http://new');
  });

  test('stays when the refresh fails', async () => {
    const { preferences } = await createWith(answerOf(['http://old', 'http://olds']));
    const { hosts, asked } = create(preferences);
    const refresh = hosts.refresh();
    asked[0]!.answer.reject(new FlooError('ServerDNSFailed'));
    await expect(refresh).rejects.toThrow();
    expect(hosts.current('ratel')).toBe('http://old');
    expect(create(preferences).hosts.current('ratel')).toBe('http://old');
  });

  test('that DNS confirms keeps the host in use', async () => {
    const { hosts, asked } = await createWith(answerOf(['r1 r2', 's1 s2']));
    hosts.failed('ratel', 'r1');
    const refresh = hosts.refresh();
    asked[1]!.answer.resolve(answerOf(['r1 r2', 's1 s2']));
    await refresh;
    expect(hosts.current('ratel')).toBe('r2');
  });

  test.each(['', 'garbage', 'null', '[]', '{}', '{"clusters":[],"dnsServers":[]}', '{"clusters":[{}]}'])(
    'that is %j is ignored',
    (text) => {
      const preferences = createMemoryPreferences();
      preferences.set('dns', text);
      expect(create(preferences).hosts.answer).toBeUndefined();
    },
  );
});

describe('an app that is', () => {
  test.each(['banned', 'frozen', 'revoked'])('%s has no hosts, and no cached ones', async (appStatus) => {
    const { hosts, asked, preferences } = await createWith(answerOf(['r', 's']));
    const refresh = hosts.refresh();
    asked[1]!.answer.resolve({ ...answerOf(['r', 's']), appStatus });
    await expect(refresh).rejects.toMatchObject({ reason: 'ServerAppFrozen', details: { appStatus } });
    expect(hosts.current('ratel')).toBeUndefined();
    expect(create(preferences).hosts.answer).toBeUndefined();
  });

  test.each(['normal', '', 'trial'])('%j is served', async (appStatus) => {
    const { hosts } = await createWith({ ...answerOf(['r', 's']), appStatus });
    expect(hosts.current('ratel')).toBe('r');
  });
});

describe('a host that fails', () => {
  test.each<HostKind>(['ratel', 'fireplace'])(
    'makes way for the next of its cluster, then the next cluster, then DNS: %s',
    async (kind) => {
      const { hosts, asked } = await createWith(answerOf(['a b', 'a b'], ['c', 'c'], ['d e', 'd e']));
      expect(exhaust(hosts, kind)).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(hosts.current(kind)).toBe('a');
      const ready = hosts.ready();
      expect(asked.length).toBe(2);
      asked[1]!.answer.reject(new FlooError('ServerDNSFailed'));
      await ready;
      expect(exhaust(hosts, kind)).toEqual(['a', 'b', 'c', 'd', 'e']);
    },
  );

  test('is tried again when DNS says nothing for a second; what it says later counts', async () => {
    vi.useFakeTimers();
    const { hosts, asked } = await createWith(answerOf(['r', 's']));
    exhaust(hosts, 'fireplace');
    let answered = 0;
    const ask = (): void => void hosts.ready().then(() => answered++);
    ask();
    await vi.advanceTimersByTimeAsync(999);
    ask();
    expect(answered).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(answered).toBe(2);
    ask();
    await vi.advanceTimersByTimeAsync(0);
    expect([answered, asked.length]).toEqual([3, 2]);
    asked[1]!.answer.resolve(answerOf(['r', 'moved']));
    await vi.advanceTimersByTimeAsync(0);
    expect(hosts.current('fireplace')).toBe('moved');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is replaced by the next from the cluster in use, in a circle', async () => {
    const harness = create();
    const ready = harness.hosts.ready();
    harness.asked[0]!.answer.resolve(answerOf(['a', 'a'], ['b', 'b'], ['c', 'c']));
    await settle();
    harness.requests[1]!.answer('');
    await ready;
    expect(exhaust(harness.hosts, 'ratel')).toEqual(['b', 'c', 'a']);
  });

  test('reported twice, or after it was left, does not leave another host', async () => {
    const { hosts } = await createWith(answerOf(['a b c', 's']));
    expect(hosts.failed('ratel', 'a')).toBe(true);
    expect(hosts.failed('ratel', 'a')).toBe(true);
    expect(hosts.failed('ratel', 'z')).toBe(true);
    expect(hosts.current('ratel')).toBe('b');
  });

  test('does not count against hosts of the other kind', async () => {
    const { hosts } = await createWith(answerOf(['r1 r2', 's1 s2']));
    hosts.failed('fireplace', 's1');
    expect(hosts.failed('ratel', 'r1')).toBe(true);
    expect([hosts.current('ratel'), hosts.current('fireplace')]).toEqual(['r2', 's2']);
  });

  test('of a cluster takes the media server with it, which has a WebSocket URL as deployed clients make it', async () => {
    const { clusters, ...answer } = answerOf(['a', 's'], ['c', 's']);
    const rtc = [['https://media:8443', 'https://other'], ['http://second']];
    const { hosts } = await createWith({ ...answer, clusters: clusters.map((one, i) => ({ ...one, rtc: rtc[i]! })) });
    expect(hosts.mediaServer).toBe('wss://media:8443');
    hosts.failed('ratel', 'a');
    expect(hosts.mediaServer).toBe('ws://second');
    expect((await createWith(answerOf(['a', 's']))).hosts.mediaServer).toBe(undefined);
  });

  test('does not count any more once another host worked', async () => {
    const { hosts } = await createWith(answerOf(['a b', 's'], ['c', 's']));
    hosts.failed('ratel', 'a');
    hosts.worked('ratel');
    expect(exhaust(hosts, 'ratel')).toEqual(['b', 'c', 'a']);
  });
});

describe('the fastest cluster', () => {
  test('is the one whose REST host answers first, whatever the answer', async () => {
    const { hosts, asked, requests } = create();
    const ready = hosts.ready();
    asked[0]!.answer.resolve(answerOf(['a', 'as'], ['b b2', 'bs'], ['c', 'cs']));
    await settle();
    expect(requests.map(({ url }) => url)).toEqual(['a/', 'b/', 'c/']);
    requests[0]!.fail();
    requests[1]!.answer('not found', 404);
    requests[2]!.answer('ok');
    await ready;
    expect([hosts.current('ratel'), hosts.current('fireplace')]).toEqual(['b', 'bs']);
  });

  test('is the first when none answers', async () => {
    const { hosts, asked, requests } = create();
    const ready = hosts.ready();
    asked[0]!.answer.resolve(answerOf(['a', 'as'], ['b', 'bs']));
    await settle();
    requests.forEach((request) => request.fail('timeout'));
    await ready;
    expect(hosts.current('ratel')).toBe('a');
  });

  test('is not probed when there is only one', async () => {
    const { requests } = await createWith(answerOf(['a', 'as']));
    expect(requests).toEqual([]);
  });

  test('is determined while the old hosts are in use', async () => {
    const { hosts, asked, requests } = await createWith(answerOf(['a a2', 'as as2'], ['b', 'bs']));
    exhaust(hosts, 'fireplace');
    hosts.failed('fireplace', 'as');
    const refresh = hosts.refresh();
    asked[1]!.answer.resolve(answerOf(['n', 'ns'], ['m', 'ms']));
    await settle();
    expect([hosts.current('ratel'), hosts.current('fireplace')]).toEqual(['a', 'as2']);
    requests[3]!.answer('');
    await refresh;
    expect([hosts.current('ratel'), hosts.current('fireplace')]).toEqual(['m', 'ms']);
  });
});

test('a host is always known when an answer has fewer hosts than before', async () => {
  const { hosts, asked } = await createWith(answerOf(['a a2 a3', 'as as2 as3'], ['b', 'bs']));
  hosts.failed('fireplace', 'as');
  hosts.failed('fireplace', 'as2');
  hosts.failed('fireplace', 'as3');
  expect(hosts.current('fireplace')).toBe('bs');
  const refresh = hosts.refresh();
  asked[1]!.answer.resolve(answerOf(['n', 'ns']));
  for (let turns = 0; turns < 8; turns++) {
    expect(hosts.current('fireplace')).toBeDefined();
    expect(hosts.current('ratel')).toBeDefined();
    await Promise.resolve();
  }
  await refresh;
  expect(hosts.current('fireplace')).toBe('ns');
});

test('its history says which hosts were left, and what answered in their place', async () => {
  const { hosts, codes } = await createWith(answerOf(['http://r1 http://r2', 'http://s']));
  const first = hosts.current('ratel')!;
  expect(hosts.worked('ratel')).toBe(false);
  hosts.failed('ratel', first);
  expect(hosts.worked('ratel')).toBe(true);
  expect(hosts.worked('ratel')).toBe(false);
  hosts.strange(`${first}/login?token=secret`);
  hosts.strange(`${first}/login?token=secret`);
  expect(hosts.isPortal).toBe(true);
  expect(hosts.worked('ratel')).toBe(true);
  expect(hosts.isPortal).toBe(false);
  expect(codes()).toEqual(['dnsAnswered', 'hostSwitched', 'portal']);
});

import { describe, expect, test } from 'vitest';
import { parseDnsAnswer } from '../../../src/bootstrap/dns-answer.ts';
import { isFlooError } from '../../../src/errors.ts';

const host = (name: string, protocol = 'https') => ({ protocol, host: name, ip_list: ['10.0.0.1'] });
const cluster = (parts: object = {}) => ({
  ratel: [host('rest'), host('rest2:8443', 'http')],
  webim: [host('sock')],
  rtc: [host('rtc')],
  ...parts,
});
const data = (...clusters: unknown[]) => ({
  version: 2,
  dns_list: [
    { group_level: 1, clusters: [cluster({ ratel: [host('wrong')] })] },
    { group_level: 0, clusters },
  ],
  app_status: 'normal',
  account_verification: { status: 1 },
  dns_server_list: [{ domain: 'dns1' }, { domain: '' }, {}],
  link_server_list: [{ domain: 'link1' }],
});

test('a whole answer', () => {
  expect(parseDnsAnswer(data(cluster(), cluster({ webim: [host('b1'), host('b2')] })))).toEqual({
    clusters: [
      { ratel: ['https://rest', 'http://rest2:8443'], fireplace: ['https://sock'], rtc: ['https://rtc'] },
      { ratel: ['https://rest', 'http://rest2:8443'], fireplace: ['https://b1', 'https://b2'], rtc: ['https://rtc'] },
    ],
    appStatus: 'normal',
    accountVerification: { status: 1 },
    dnsServers: ['dns1'],
    linkServers: ['link1'],
    serverIp: '10.0.0.1',
  });
});

describe('sockets', () => {
  const fireplaces = (parts: object): string[] => parseDnsAnswer(data(cluster(parts))).clusters[0]!.fireplace;

  test('of version 1 are called ws', () => {
    expect(fireplaces({ webim: undefined, ws: [host('old', 'http')] })).toEqual(['http://old']);
    expect(fireplaces({ webim: [], ws: [host('old')] })).toEqual(['https://old']);
  });

  test('called webim win', () => {
    expect(fireplaces({ ws: [host('old')] })).toEqual(['https://sock']);
  });
});

test('a deployment without calls is accepted', () => {
  for (const rtc of [undefined, null, [], 'none', [{}]]) {
    expect(parseDnsAnswer(data(cluster({ rtc }))).clusters[0]!.rtc).toEqual([]);
  }
});

test('a cluster that lacks REST or socket hosts is left out', () => {
  const answer = parseDnsAnswer(data(cluster({ ratel: [] }), cluster({ webim: undefined }), null, 'x', cluster()));
  expect(answer.clusters.length).toBe(1);
});

test('hosts of another protocol, or without a name, are left out', () => {
  const ratel = [host('a', 'ftp'), host('b', 'javascript'), host('', 'https'), host('c', 'xhttp'), host('good')];
  expect(parseDnsAnswer(data(cluster({ ratel }))).clusters[0]!.ratel).toEqual(['https://good']);
});

test('missing fields beside the clusters are empty', () => {
  expect(parseDnsAnswer({ dns_list: [{ group_level: 0, clusters: [cluster({ rtc: [] })] }] })).toMatchObject({
    appStatus: '',
    accountVerification: {},
    dnsServers: [],
    linkServers: [],
  });
  const bare = [{ protocol: 'https', host: 'rest' }];
  expect(parseDnsAnswer(data(cluster({ ratel: bare }))).serverIp).toBe('');
});

test('the answer is JSON, so it can be cached', () => {
  const answer = parseDnsAnswer(data(cluster()));
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['text', 'garbage'],
  ['a number', 7],
  ['a list', []],
  ['an empty object', {}],
  ['no level 0', { dns_list: [{ group_level: 1, clusters: [cluster()] }] }],
  ['a level that is text', { dns_list: [{ group_level: '0', clusters: [cluster()] }] }],
  ['no clusters', data()],
  ['clusters that are none', { dns_list: [{ group_level: 0, clusters: 'x' }] }],
  ['a list of lists', { dns_list: [[], null, 5] }],
  ['only unusable clusters', data(cluster({ ratel: [] }), {})],
])('%s is ServerDNSFailed', (_, answer) => {
  try {
    parseDnsAnswer(answer);
    expect.unreachable();
  } catch (error) {
    expect(isFlooError(error, 'ServerDNSFailed')).toBe(true);
  }
});

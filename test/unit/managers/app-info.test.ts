import { describe, expect, test } from 'vitest';
import { createAppInfo } from '../../../src/managers/app-info.ts';
import type { AppSource } from '../../../src/managers/app-source.ts';
import { createFileUrls } from '../../../src/managers/file-urls.ts';
import { fake } from '../../support/fakes.ts';

/** One app in two clusters; the first host of the second is in use. */
function source(change: { transport?: string; refusedAs?: string; answered?: boolean } = {}): AppSource {
  const { transport = 'socket.io', refusedAs = '', answered = true } = change;
  return {
    hosts: {
      answer: answered
        ? {
            clusters: [{ ratel: ['https://old'] }, { ratel: ['https://r:8443', 'https://r2'] }],
            appStatus: 'normal',
            accountVerification: { status: 'verified' },
            linkServers: [],
            serverIp: '10.0.0.1',
          }
        : undefined,
      mediaServer: answered ? 'wss://rtc' : undefined,
      current: (kind) => (answered ? { ratel: 'https://r:8443', fireplace: 'https://f' }[kind] : undefined),
    },
    options: { appId: 'app', transport, linkServer: 'https://l/info' },
    identities: fake<AppSource['identities']>({ load: () => ({ uid: '1', token: 'TOKEN' }) }),
    status: { config: { hide_member_info: true }, refusedAs },
  };
}

describe('the app', () => {
  test('and its servers are those of the DNS answer', () => {
    const info = createAppInfo(() => source());
    expect(info.getServers('app')).toEqual({ ratel: 'https://r:8443', fireplace: 'https://f', rtc: 'wss://rtc' });
    expect(info.getServerIp()).toBe('10.0.0.1');
    expect(info.getAppConfig()).toEqual({ hide_member_info: true });
    expect(info.getAppStatus()).toBe('normal');
    expect(info.getAccountVerification()).toEqual({ status: 'verified' });
    expect(info.getLinkServer()).toBe('https://l/info');
  });

  test('has a socket URL where the transport is raw', () => {
    expect(createAppInfo(() => source({ transport: 'raw' })).getServers().fireplace).toBe('wss://f');
  });

  test('has the state of the DNS refusal', () => {
    expect(createAppInfo(() => source({ refusedAs: 'banned', answered: false })).getAppStatus()).toBe('banned');
  });

  test.each([
    ['before any answer', source({ answered: false })],
    ['without a client', undefined],
  ])('is empty %s', (_, app) => {
    const info = createAppInfo(() => app);
    expect([info.getServers(), info.getServerIp(), info.getAppStatus(), info.getAccountVerification()]).toEqual([
      {},
      '',
      '',
      {},
    ]);
  });
});

const CREDENTIALS = 'access-token=TOKEN&app_id=app';

describe('a file’s URL', () => {
  const { getChatFile, getAudio } = createFileUrls(() => source());

  test.each([
    ['https://r:8443/file?x=1', `https://r:8443/file?x=1&${CREDENTIALS}`],
    ['https://r2/file', `https://r2/file?${CREDENTIALS}`],
    ['https://old?x', `https://old?x&${CREDENTIALS}`],
    ['https://s-1-3-api.maximtop.cn/file?file_sign=a', `https://r:8443/file?file_sign=a&${CREDENTIALS}`],
    ['http://maximtop.com.cn:80/file', `https://r:8443/file?${CREDENTIALS}`],
  ])('%s is on a server of the app and gets the credentials', (url, full) => {
    expect(getChatFile({ url })).toBe(full);
  });

  test.each([
    'https://evil/file',
    'https://r/file',
    'https://r:84430/file',
    'https://r:8443@evil/file',
    'https://r:8443.evil/file',
    'https://r:8443\\@evil/file',
    'https://r:8443#@evil/',
    'https://evil/https://r:8443/file',
    'https://evilmaximtop.cn/file',
    'https://maximtop.cn.evil/file',
    'https://maximtop.cn@evil/file',
    '//r:8443/file',
    'ftp://r:8443/file',
  ])('%s is on another server and stays unchanged', (url) => {
    expect([getChatFile({ url }), getAudio({ url })]).toEqual([url, url]);
  });

  test('has the parameters of the app on any server', () => {
    expect(getChatFile({ url: 'https://evil/f', params: { w: 10, image_type: 2 } })).toBe(
      'https://evil/f?image_type=2&w=10',
    );
    expect(getAudio({ url: 'https://r2/f?sign=a' })).toBe(
      `https://r2/f?sign=a&access-token=TOKEN&app_id=app&format=mp3`,
    );
    expect([getChatFile({ url: '' }), getChatFile(), getAudio({})]).toEqual(['', '', '']);
  });
});

test.each([
  { url: 'https://r2/f?sign=a' },
  { url: 'https://r2/f?sign=a&w=5', params: { w: 10, h: 20, image_type: 2 } },
  { url: 'https://else/f', params: { w: 10 } },
  { url: 'https://else/f#here', params: { w: 10 } },
])('a file’s URL and an audio’s URL of their own output are the same: %j', (options) => {
  const { getChatFile, getAudio } = createFileUrls(() => source());
  const [file, audio] = [getChatFile(options), getAudio(options)];
  expect(getChatFile({ ...options, url: file })).toBe(file);
  expect(getAudio({ url: audio })).toBe(audio);
  expect(getChatFile({ ...options, url: file, params: { ...options.params, w: 11 } })).toBe(
    getChatFile({ ...options, params: { ...options.params, w: 11 } }),
  );
  expect([getChatFile(null as never), getAudio({ url: 5 as never }), getChatFile({ url: {} as never })]).toEqual([
    '',
    '',
    '',
  ]);
});

describe('an image', () => {
  const { getImage } = createFileUrls(() => source());

  test('comes from its object, from its URL, or unchanged', () => {
    expect(getImage({ avatar: 'a/b c' })).toBe(
      `https://r:8443/file/download/avatar?object_name=a%2Fb%20c&${CREDENTIALS}&image_type=2`,
    );
    expect(getImage({ avatar: 'x', thumbnail: false })).toBe(
      `https://r:8443/file/download/avatar?object_name=x&${CREDENTIALS}`,
    );
    expect(getImage({ avatar: 'https://else/a.png' })).toBe('https://else/a.png');
    expect(getImage({ avatar: 'https://r2/a.png' })).toBe(`https://r2/a.png?${CREDENTIALS}&image_type=2`);
    expect(getImage({ avatar: '/image/me.png' })).toBe('/image/me.png');
  });

  test('without an avatar is the default image', () => {
    expect([getImage(), getImage({ avatar: '', type: 'group' }), getImage({ sdefault: '/x.png' })]).toEqual([
      '/image/roster.png',
      '/image/group.png',
      '/x.png',
    ]);
  });

  test.each([
    { avatar: 'a/b c' },
    { avatar: 'x', thumbnail: false },
    { avatar: 'https://r2/a.png' },
    { avatar: 'https://r2/a.png?image_type=1&w=3#top', type: 'group' },
    { avatar: 'https://s-1-3-api.maximtop.cn/file?sign=a' },
    { avatar: 'https://r2/a.png?access-token=OLD&sign=a&app_id=app' },
    { avatar: 'https://else/a.png?image_type=2' },
    { avatar: '/image/me.png' },
    { avatar: 'data:image/png;base64,AAAA' },
    { avatar: '', sdefault: './me.png' },
    { avatar: '', sdefault: 'me.png' },
    { avatar: 'half \ud83d' },
    { avatar: '', type: 'group' },
  ])('G2: of its own output is the same URL: %j', (options) => {
    const once = getImage(options);
    let again = once;
    for (let times = 0; times < 3; times++) again = getImage({ ...options, avatar: again });
    expect(again).toBe(once);
    expect(once.match(/image_type/g)?.length ?? 0).toBeLessThan(2);
    const small = getImage({ ...options, thumbnail: true });
    const large = getImage({ ...options, thumbnail: false });
    expect(getImage({ ...options, avatar: large, thumbnail: true })).toBe(small);
    expect(getImage({ ...options, avatar: small, thumbnail: false })).toBe(large);
    expect(once).not.toContain('OLD');
  });

  test('is the default image for what is no text', () => {
    for (const avatar of [5, {}, [], true, null] as unknown as string[])
      expect([getImage({ avatar }), getImage(avatar as never)]).toEqual(['/image/roster.png', '/image/roster.png']);
  });

  test('is the default image while the servers are not known', () => {
    const early = createFileUrls(() => undefined);
    expect(early.getImage({ avatar: 'object' })).toBe('/image/roster.png');
    expect(early.getImage({ avatar: 'https://else/a.png' })).toBe('https://else/a.png');
  });
});

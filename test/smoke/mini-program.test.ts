/** The built files for mini-programs, in an engine with only ES2018 and the globals of mini-programs. */
import { readFileSync } from 'node:fs';
import { parse } from 'acorn';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import type { MiniProgramApi } from '../../src/platform/mini-program/api.ts';
import type { ClientOptions } from '../../src/options.ts';
import { until } from '../support/client-events.ts';
import { bytesOf, sameBytes } from '../support/file-bytes.ts';
import { BUILDS, bytesOfFile, PATIENCE_MS, startApp } from '../support/mini-program-client.ts';
import type { RunningApp } from '../support/mini-program-client.ts';
import { putTempFile } from '../support/mini-program-files.ts';
import { createMiniProgramEngine } from '../support/mini-program-vm.ts';
import { createPhone } from '../support/mini-program.ts';
import type { Phone } from '../support/mini-program.ts';

vi.setConfig({ testTimeout: 120_000 });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Person {
  readonly id: number;
  readonly phone: Phone;
  /** Starts the app again, on the storage that it left. @param platform the platform's globals */
  start(platform?: (api: MiniProgramApi) => MiniProgramApi): RunningApp;
}

/** A server, and people with a phone each. */
async function startWorld(build: keyof typeof BUILDS): Promise<{ server: DevServer; person(name: string): Person }> {
  const server = await createDevServer();
  cleanups.push(() => server.close());
  const options: ClientOptions = { dnsServer: server.dnsUrl };
  return {
    server,
    person(name) {
      const { id } = server.data.app('welovemaxim').users.add(name, 'secret12');
      const phone = createPhone(BUILDS[build].kind);
      cleanups.push(() => phone.remove());
      return {
        id,
        phone,
        start(platform) {
          const app = startApp(build, phone, options, platform);
          cleanups.push(async () => app.run.hasEnded || app.im.dispose());
          return app;
        },
      };
    },
  };
}

const password = 'secret12';
const timers = { setTimeout, clearTimeout, setInterval, clearInterval };

test('the engine has only ES2018, without later features and without those of browsers', () => {
  const engine = createMiniProgramEngine(timers, {});
  const missing = `[].flatMap [].flat [].at Object.fromEntries Object.hasOwn ''.trimStart ''.matchAll ''.replaceAll
    Promise.allSettled Promise.any Uint8Array.prototype.at`.split(/\s+/);
  for (const name of missing) expect(engine.run(`typeof ${name}`), name).toBe('undefined');
  const globals =
    `globalThis window document self navigator URL fetch Blob XMLHttpRequest WebSocket AbortController TextEncoder
    TextDecoder structuredClone queueMicrotask WebAssembly BigInt WeakRef Intl process Buffer require eval`.split(
      /\s+/,
    );
  for (const name of globals) expect(engine.run(`typeof ${name}`), name).toBe('undefined');
  expect(() => engine.run("Function('return 1')")).toThrow('Code generation from strings disallowed');
  expect(engine.run("[1, 2].includes(2) && 'a'.padStart(2) === ' a' && typeof Promise.prototype.finally")).toBe(
    'function',
  );
});

describe.each(['wechat', 'uniapp'] as const)('dist/%s.cjs', (build) => {
  const { kind, file } = BUILDS[build];

  test('is ES2018, and makes no code from text', () => {
    const code = readFileSync(file, 'utf8');
    expect(() => parse(code, { ecmaVersion: 2018 })).not.toThrow();
    expect(code.match(/\beval\b|(?<!\w)Function\(|WebAssembly|\(\?<[=!]/g)).toBeNull();
    const later =
      'flatMap flat at trimStart trimEnd matchAll replaceAll findLast findLastIndex fromEntries hasOwn allSettled any';
    expect(code.match(new RegExp(`\\.(${later.replaceAll(' ', '|')})\\b`, 'g'))).toBeNull();
  });

  test('loads without a platform, and is a function with every export on it', () => {
    const engine = createMiniProgramEngine(timers, {});
    const before = Object.keys(engine.run('this') as object);
    const sdk = engine.load(file) as Record<string, unknown>;
    expect(typeof sdk).toBe('function');
    expect(sdk['default']).toBe(sdk);
    expect(sdk['flooim']).toBe(sdk);
    expect(Object.keys(sdk).sort()).toEqual(
      ['FlooError', 'buildClient', 'createClient', 'default', 'errorNumber', 'flooim', 'isFlooError'].sort(),
    );
    expect(Object.keys(engine.run('this') as object)).toEqual(before);
  });

  test('a full session: login, chat both ways, a file, a network that comes and goes, the background, a restart', async () => {
    const { server, person } = await startWorld(build);
    const [anna, ben] = [person('anna'), person('ben')];
    const [a, b] = [anna.start(), ben.start()];
    await a.im.login({ name: 'anna', password });
    await b.im.login({ name: 'ben', password });

    // Both ways.
    a.im.sysManage.sendRosterMessage({ uid: ben.id, content: '你好 😀' });
    expect(await b.events.next('onRosterMessage')).toMatchObject({ content: '你好 😀', from: String(anna.id) });
    b.im.sysManage.sendRosterMessage({ uid: anna.id, content: 'hello' });
    const heard = await a.events.next('onRosterMessage', ({ from }) => from === String(ben.id));
    expect(heard).toMatchObject({ content: 'hello', to: String(anna.id) });

    // As deployed, on one raw socket.
    expect(server.admin.receivedFrames()[0]).toMatchObject({
      transport: 'raw',
      frame: { command: 3, payload: { os_type: 6, device_info: 'Uniapp', sdk_vsn: '2.0.0' } },
    });

    // A file, from a path to a path.
    const bytes = bytesOf(300_000);
    const picture = putTempFile(anna.phone.disk, 'photo.jpg', bytes);
    a.im.sysManage.sendRosterMessage({ uid: ben.id, file: picture });
    const shown = await b.events.next('onRosterMessage', ({ type }) => type === 'image');
    expect(shown.attach).toMatchObject({ dName: 'photo.jpg', fLen: 300_000 });
    expect(a.events.all('onUploadProgress').at(-1)).toMatchObject({ percent: 100 });
    const downloaded = await b.im.sysManage.asyncFileDownload({ url: shown.attach!.url! });
    expect(downloaded).toMatchObject({ size: 300_000, path: expect.stringMatching(/^wxfile:\/\/tmp\//) });
    sameBytes(await bytesOfFile(downloaded), bytes);
    const path = await b.im.sysManage.downloadChatFile({ url: shown.attach!.url! });
    expect(path).toMatch(/^wxfile:\/\/tmp\//);

    // The network goes; messages of that time arrive later.
    a.events.skip();
    a.run.network(false);
    a.im.sysManage.sendRosterMessage({ uid: ben.id, content: 'from a tunnel' });
    a.run.network(true);
    await a.events.next('loginSuccess');
    await b.events.next('onRosterMessage', ({ content }) => content === 'from a tunnel');

    // The background, where sockets die.
    a.events.skip();
    const { opened } = a.run.sockets;
    a.run.hide();
    a.run.cutSockets();
    a.run.show();
    a.run.network(true);
    await a.events.next('loginSuccess');
    b.im.sysManage.sendRosterMessage({ uid: anna.id, content: 'welcome back' });
    await a.events.next('onRosterMessage', ({ content }) => content === 'welcome back');
    expect(a.run.sockets).toEqual({ now: 1, most: 1, opened: opened + 1 });

    // Started again without a network: everything is there. Then it comes back by itself.
    const again = anna.start();
    again.run.network(false);
    await again.events.next('recentlistUpdate');
    expect(again.im.userManage.getConversationList()).toMatchObject([{ id: ben.id, content: 'welcome back' }]);
    const contents = ['你好 😀', 'hello', '', 'from a tunnel', 'welcome back'];
    expect(again.im.rosterManage.getRosterMessageByRid(ben.id).map(({ content }) => content)).toEqual(contents);
    again.run.network(true);
    await again.events.next('loginSuccess');

    // A new phone has the history from the server.
    const elsewhere = createPhone(kind);
    cleanups.push(() => elsewhere.remove());
    again.run.end();
    const third = startApp(build, elsewhere, { dnsServer: server.dnsUrl });
    cleanups.push(async () => third.im.dispose());
    await third.im.login({ name: 'anna', password });
    const page = await third.im.sysManage.getMessages({ id: ben.id, type: 'roster', limit: 10 });
    expect(page.messages.map(({ content }) => content)).toEqual(contents);

    expect([a, b, again, third].flatMap(({ engine }) => engine.logged)).toEqual([]);
  });

  test('a session of the deployed SDK on the phone continues', async () => {
    const { person } = await startWorld(build);
    const [anna, ben] = [person('anna'), person('ben')];
    const first = ben.start();
    await first.im.login({ name: 'ben', password });
    const token = first.im.userManage.getToken();
    const left = { key_user_id: ben.id, key_app_id: 'welovemaxim', [`${ben.id}_key_user_token`]: token };
    for (const [key, value] of Object.entries(left)) anna.phone.storage.set(key, value);
    const app = anna.start();
    await app.events.next('loginSuccess');
    expect(app.im.userManage.getUid()).toBe(ben.id);
  });

  test('without a file system the data is in memory, and the problem is emitted', async () => {
    const { person } = await startWorld(build);
    const app = person('anna').start(({ getFileSystemManager: _, ...rest }) => rest);
    const ben = person('ben');
    await app.im.login({ name: 'anna', password });
    expect(await app.events.next('storageDegraded')).toMatchObject({ reason: 'DbOperationFailed' });
    app.im.sysManage.sendRosterMessage({ uid: ben.id, content: 'for now' });
    await app.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    expect(app.im.rosterManage.getRosterMessageByRid(ben.id)).toMatchObject([{ content: 'for now' }]);
  });

  test('a file that waited for the network is uploaded by the next run, when its temporary path is gone', async () => {
    const { person } = await startWorld(build);
    const [anna, ben] = [person('anna'), person('ben')];
    const [a, b] = [anna.start(), ben.start()];
    await a.im.login({ name: 'anna', password });
    await b.im.login({ name: 'ben', password });
    a.run.network(false);
    const bytes = bytesOf(70_000);
    a.im.sysManage.sendRosterMessage({ uid: ben.id, file: putTempFile(anna.phone.disk, 'clip.mp4', bytes) });
    await until(
      () => anna.phone.disk.calls.some((call) => call.startsWith('copyFile')),
      'the file to be kept',
      PATIENCE_MS,
    );
    await until(
      () => a.im.sysManage.getSendingMessages(ben.id, 'roster').length === 1,
      'the message to be stored',
      PATIENCE_MS,
    );

    const again = anna.start();
    await again.events.next('loginSuccess');
    const shown = await b.events.next('onRosterMessage');
    expect(shown).toMatchObject({ type: 'video', attach: { dName: 'clip.mp4', fLen: 70_000 } });
    sameBytes(await bytesOfFile(await b.im.sysManage.asyncFileDownload({ url: shown.attach!.url! })), bytes);
  });
});

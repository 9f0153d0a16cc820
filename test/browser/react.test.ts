import { act, cleanup, render, renderHook, screen, waitFor } from '@testing-library/react';
import { createElement, memo, StrictMode } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import type { ConversationItem, FlooClient } from '../../src/entries/browser.ts';
import * as hooks from '../../src/react/index.ts';
import { createPlan, fakeCalls } from '../support/fake-call-media.ts';
import { admin, create, pair } from './people.ts';
import type { Person } from './people.ts';

afterEach(() => cleanup());

const PATIENT = { timeout: 10_000 };

/** Renders a hook below a provider of alice's client, in StrictMode. */
function hook<T, P>({ client }: Person, use: (props: P) => T, initialProps: P) {
  const wrapper = ({ children }: { children: ReactNode }): ReactElement =>
    createElement(StrictMode, null, createElement(hooks.FlooimProvider, { client }, children));
  return renderHook(use, { wrapper, initialProps }).result;
}

describe('the provider', () => {
  test('makes a client in the page, one that stays in StrictMode, and disposes of it at the end', async () => {
    const { appid, alice } = await pair();
    await alice.client.dispose();
    const made: FlooClient[] = [];
    const make = (): FlooClient => {
      made.push(create(appid).client);
      return made[made.length - 1]!;
    };
    const View = (): ReactElement => {
      const { login, isLoggedIn } = hooks.useSession();
      const onClick = (): void => void login({ name: 'alice', password: 'secret12' });
      const { state } = hooks.useConnection();
      return createElement('button', { onClick }, `${String(isLoggedIn)} ${state}`);
    };
    const app = createElement(hooks.FlooimProvider, { create: make }, createElement(View));
    const { unmount } = render(createElement(StrictMode, null, app));
    screen.getByRole('button').click();
    await waitFor(() => expect(screen.getByRole('button').textContent).toBe('true online'), PATIENT);
    const sockets = async (): Promise<number> =>
      (await admin<{ uid: number }[]>('connections')).filter(({ uid }) => uid === alice.id).length;
    expect(await sockets()).toBe(1);
    expect(made.length).toBe(2);
    await expect(made[0]!.explain()).rejects.toThrow('disposed');
    unmount();
    await waitFor(async () => expect(await sockets()).toBe(0), PATIENT);
    await expect(made[1]!.explain()).rejects.toThrow('disposed');
  });

  test('another client, as after a hot reload, takes the place of the one before', async () => {
    const { alice, bob } = await pair();
    const View = (): ReactElement => createElement('p', { role: 'status' }, hooks.useSession().uid);
    const app = ({ client }: Person): ReactElement =>
      createElement(hooks.FlooimProvider, { client }, createElement(View));
    const { rerender } = render(app(alice));
    expect(screen.getByRole('status').textContent).toBe(String(alice.id));
    rerender(app(bob));
    expect(screen.getByRole('status').textContent).toBe(String(bob.id));
    expect(alice.client.isLogin()).toBe(true);
  });

  test('a hook without one says so', () => {
    expect(() => renderHook(() => hooks.useConversations())).toThrow('FlooimProvider');
  });
});

describe('hooks', () => {
  test('a chat: messages, sending, unread, typing, uploads', async () => {
    const { alice, bob } = await pair();
    const to = { type: 'roster', id: bob.id } as const;
    const chat = hook(
      alice,
      () => ({
        list: hooks.useConversations(),
        unread: [hooks.useUnread(), hooks.useUnread(to)],
        messages: hooks.useMessages(to),
        isTyping: hooks.useTyping(to),
        sender: hooks.useSend(to),
        uploads: hooks.useUploads(),
      }),
      undefined,
    );
    bob.client.sysManage.sendInputStatusMessage(alice.id, 'typing');
    await waitFor(() => expect(chat.current.isTyping).toBe(true), PATIENT);
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'hello' });
    await waitFor(
      () => expect(chat.current.messages.messages.map(({ content }) => content)).toEqual(['hello']),
      PATIENT,
    );
    await waitFor(() => expect([chat.current.unread, chat.current.isTyping]).toEqual([[1, 1], false]), PATIENT);
    act(() => chat.current.messages.markRead());
    await waitFor(() => expect(chat.current.unread).toEqual([0, 0]), PATIENT);

    const file = new File([new Uint8Array(200_000)], 'notes.bin');
    act(() => {
      chat.current.sender.send('hello yourself');
      chat.current.sender.send({ file, ext: { reply: '1' } });
    });
    await waitFor(() => expect(chat.current.messages.messages.length).toBe(3), PATIENT);
    await waitFor(
      () => expect(chat.current.messages.messages.some(({ sendingStatus }) => sendingStatus)).toBe(false),
      PATIENT,
    );
    expect(chat.current.messages.messages.map(({ isOwn, type }) => [isOwn, type])).toEqual([
      [false, 'text'],
      [true, 'text'],
      [true, 'file'],
    ]);
    await waitFor(() => expect([chat.current.uploads, chat.current.list.length]).toEqual([[], 1]), PATIENT);
  });

  test('pages, and another conversation', async () => {
    const { alice, bob } = await pair();
    for (let index = 0; index < 30; index++)
      bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(index) });
    await alice.events.count('onRosterMessage', 30);
    let id: number | undefined = bob.id;
    const { result, rerender } = renderHook(
      () => hooks.useMessages(id === undefined ? undefined : { type: 'roster', id }, { pageSize: 20 }),
      { wrapper: ({ children }) => createElement(hooks.FlooimProvider, { client: alice.client }, children) },
    );
    await waitFor(
      () => expect([result.current.messages.length, result.current.isLoading]).toEqual([20, false]),
      PATIENT,
    );
    const { loadOlder } = result.current;
    await act(async () => loadOlder());
    await waitFor(() => expect([result.current.messages.length, result.current.hasMore]).toEqual([30, false]), PATIENT);
    // The function stays the same, so that it may be a dependency.
    expect(result.current.loadOlder).toBe(loadOlder);
    id = undefined;
    rerender();
    expect([result.current.messages, result.current.hasMore]).toEqual([[], false]);
  });

  test('people: names, members, friend requests, invitations', async () => {
    const { alice, bob } = await pair();
    await bob.client.groupManage.asyncCreate({ name: 'climbers', user_list: [alice.id] });
    const gid = (await bob.client.groupManage.asyncGetJoinedGroups())[0]!.group_id;
    const people = hook(
      alice,
      () => ({
        self: hooks.useSelf(),
        bob: hooks.useUser(bob.id),
        group: hooks.useGroup(gid),
        peer: hooks.usePeer({ type: 'group', id: gid }),
        members: hooks.useGroupMembers(gid),
        requests: hooks.useFriendRequests(),
        invitations: hooks.useGroupInvitations(),
        client: hooks.useClient(),
      }),
      undefined,
    );
    await waitFor(() => expect(people.current.bob.name).toBe('bob'), PATIENT);
    await waitFor(() => expect(people.current.self.name).toBe('alice'), PATIENT);
    await waitFor(
      () => expect([people.current.group.name, people.current.peer.name]).toEqual(['climbers', 'climbers']),
      PATIENT,
    );
    await waitFor(
      () => expect(people.current.members.data.map(({ display_name }) => display_name)).toEqual(['alice', 'bob']),
      PATIENT,
    );
    expect([people.current.requests.data, people.current.invitations.data]).toEqual([[], []]);
    expect(people.current.client).toBe(alice.client);
  });

  test('a search follows its words', async () => {
    const { alice, bob } = await pair();
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'a green apple' });
    await alice.events.next('onRosterMessage');
    let query = 'gre';
    const { result, rerender } = renderHook(() => hooks.useSearch(query), {
      wrapper: ({ children }) => createElement(hooks.FlooimProvider, { client: alice.client }, children),
    });
    query = 'green';
    rerender();
    await waitFor(() => expect(result.current.messages.map(({ id }) => id)).toEqual([bob.id]), PATIENT);
    query = 'blue';
    rerender();
    await waitFor(() => expect(result.current.messages).toEqual([]), PATIENT);
  });
});

describe('a call', () => {
  test('is answered and ended on a screen, which is rendered once a second', async () => {
    const plan = createPlan();
    const { alice, bob } = await pair({ rtc: fakeCalls(plan) });
    let rendered = 0;
    const Screen = (): ReactElement => {
      rendered++;
      const { call, calls, state, seconds, peer, reason, remoteRef, dismiss } = hooks.useCall();
      const start = (): void => void calls?.start({ uid: bob.id, video: true });
      if (!call) return createElement('button', { onClick: start }, 'Call');
      return createElement(
        'section',
        null,
        createElement('video', { ref: remoteRef }),
        createElement('p', { role: 'status' }, [peer, state, seconds, reason].join(' ')),
        createElement('button', { onClick: state === 'ended' ? dismiss : () => call.hangUp() }, 'Close'),
      );
    };
    const app = createElement(hooks.FlooimProvider, { client: alice.client }, createElement(Screen));
    render(createElement(StrictMode, null, app));
    const says = async (words: string): Promise<void> =>
      waitFor(() => expect(screen.getByRole('status').textContent).toBe(`${bob.id} ${words}`), PATIENT);
    screen.getByRole('button', { name: 'Call' }).click();
    await says('ringing 0 ');
    const answering = hook(bob, () => hooks.useCall(), undefined);
    await waitFor(() => expect(answering.current.state).toBe('ringing'), PATIENT);
    await answering.current.call!.accept();
    await says('connecting 0 ');
    const [own, others] = plan.made;
    // React may set a reference twice in StrictMode.
    expect(own!.log.filter((entry) => entry === 'hides remote').length).toBe(
      own!.log.filter((entry) => entry === 'shows remote').length - 1,
    );
    own!.listener.onUp();
    others!.listener.onUp();
    await says('connected 0 ');
    rendered = 0;
    await says('connected 2 ');
    // StrictMode renders each change twice.
    expect(rendered).toBe(4);
    screen.getByRole('button', { name: 'Close' }).click();
    await says('ended 2 hungUp');
    expect(own!.isClosed).toBe(true);
    screen.getByRole('button', { name: 'Close' }).click();
    await screen.findByRole('button', { name: 'Call' });
  });

  test('a client without the option rtc is refused', async () => {
    const { alice } = await pair();
    expect(() => hook(alice, () => hooks.useCall(), undefined)).toThrow('the option rtc');
  });
});

test('500 messages to one of 1,000 conversations: few renderings, and of the row that changed', async () => {
  const { alice, bob } = await pair();
  for (let index = 0; index < 999; index++) alice.client.sysManage.touchConversation(7_000_000 + index, 'roster');
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'first' });
  await alice.events.next('onRosterMessage');
  const rendered = { list: 0, rows: 0, chat: 0 };
  const Row = memo(function Row({ row }: { row: ConversationItem }) {
    rendered.rows++;
    return createElement('li', null, row.content);
  });
  const Inbox = (): ReactElement => {
    rendered.list++;
    const rows = hooks.useConversations();
    return createElement(
      'ul',
      null,
      rows.map((row) => createElement(Row, { key: hooks.conversationKey(row), row })),
    );
  };
  const Chat = (): ReactElement => {
    rendered.chat++;
    const { messages } = hooks.useMessages({ type: 'roster', id: bob.id });
    return createElement('p', { role: 'status' }, messages[messages.length - 1]?.content);
  };
  render(createElement(hooks.FlooimProvider, { client: alice.client }, createElement(Inbox), createElement(Chat)));
  await waitFor(
    () => expect([rendered.rows, screen.getByRole('status').textContent]).toEqual([1000, 'first']),
    PATIENT,
  );
  Object.assign(rendered, { list: 0, rows: 0, chat: 0 });
  const start = performance.now();
  for (let index = 0; index < 500; index++)
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(index) });
  await waitFor(() => expect(screen.getByRole('status').textContent).toBe('499'), PATIENT);
  const frames = Math.ceil((performance.now() - start) / 16) + 1;
  expect(rendered.list).toBeLessThanOrEqual(frames);
  expect(rendered.chat).toBeLessThanOrEqual(frames);
  // The other 999 rows are not rendered again.
  expect(rendered.rows).toBeLessThanOrEqual(rendered.list);
});

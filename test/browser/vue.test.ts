import { mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { defineComponent, h, ref, shallowRef } from 'vue';
import type { FlooClient } from '../../src/entries/browser.ts';
import * as vue from '../../src/vue/index.ts';
import { createPlan, fakeCalls } from '../support/fake-call-media.ts';
import { admin, create, pair } from './people.ts';
import type { Person } from './people.ts';

const PATIENT = { timeout: 10_000 };
const wrappers: VueWrapper[] = [];
afterEach(() => wrappers.splice(0).forEach((wrapper) => wrapper.unmount()));

/** Runs composables in a component that has alice's client. */
function use<T>({ client }: Pick<Person, 'client'>, setup: () => T): T {
  let made: T | undefined;
  const Component = defineComponent({
    setup() {
      made = setup();
      return () => h('p');
    },
  });
  wrappers.push(mount(Component, { global: { plugins: [vue.createFlooim({ client })] } }));
  return made!;
}

describe('the plugin', () => {
  test('makes a client when a component needs it, and disposes of it with the app', async () => {
    const { appid, alice } = await pair();
    await alice.client.dispose();
    const made: FlooClient[] = [];
    const make = (): FlooClient => {
      made.push(create(appid).client);
      return made[made.length - 1]!;
    };
    const Child = defineComponent({
      setup() {
        const { login, isLoggedIn } = vue.useSession();
        const connection = vue.useConnection();
        const onClick = (): void => void login({ name: 'alice', password: 'secret12' });
        return () => h('button', { onClick }, `${String(isLoggedIn.value)} ${connection.value.state}`);
      },
    });
    const app = mount(
      { render: () => [h(Child), h(Child)] },
      { global: { plugins: [vue.createFlooim({ create: make })] } },
    );
    await app.find('button').trigger('click');
    await vi.waitFor(
      () => expect(app.findAll('button').map((each) => each.text())).toEqual(['true online', 'true online']),
      PATIENT,
    );
    const sockets = async (): Promise<number> =>
      (await admin<{ uid: number }[]>('connections')).filter(({ uid }) => uid === alice.id).length;
    expect([made.length, await sockets()]).toEqual([1, 1]);
    app.unmount();
    await vi.waitFor(async () => expect(await sockets()).toBe(0), PATIENT);
    await expect(made[0]!.explain()).rejects.toThrow('disposed');
  });

  test('a component that provides a client makes another one when it is mounted again, as after a hot reload', async () => {
    const { appid } = await pair();
    const made: FlooClient[] = [];
    const seen = shallowRef<FlooClient>();
    const Child = defineComponent({
      setup() {
        const client = vue.useClient();
        return () => {
          seen.value = client.value;
          return h('p');
        };
      },
    });
    const Parent = defineComponent({
      setup() {
        vue.provideFlooim({
          create: () => {
            made.push(create(appid).client);
            return made[made.length - 1]!;
          },
        });
        return () => h(Child);
      },
    });
    for (const round of [1, 2]) {
      const app = mount(Parent);
      await vi.waitFor(() => expect(seen.value).toBe(made[round - 1]), PATIENT);
      app.unmount();
      await expect(made[round - 1]!.explain()).rejects.toThrow('disposed');
    }
    expect(made.length).toBe(2);
  });

  test('a composable without one says so', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    expect(() => mount({ setup: () => void vue.useConversations(), render: () => h('p') })).toThrow('provideFlooim');
    warn.mockRestore();
  });
});

describe('composables', () => {
  test('a chat: messages, sending, unread, typing, uploads', async () => {
    const { alice, bob } = await pair();
    const to = { type: 'roster', id: bob.id } as const;
    const chat = use(alice, () => ({
      list: vue.useConversations(),
      total: vue.useUnread(),
      unread: vue.useUnread(to),
      ...vue.useMessages(to),
      isTyping: vue.useTyping(to),
      sender: vue.useSend(to),
      uploads: vue.useUploads(),
    }));
    bob.client.sysManage.sendInputStatusMessage(alice.id, 'typing');
    await vi.waitFor(() => expect(chat.isTyping.value).toBe(true), PATIENT);
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'hello' });
    await vi.waitFor(() => expect(chat.messages.value.map(({ content }) => content)).toEqual(['hello']), PATIENT);
    await vi.waitFor(
      () => expect([chat.total.value, chat.unread.value, chat.isTyping.value]).toEqual([1, 1, false]),
      PATIENT,
    );
    chat.markRead();
    await vi.waitFor(() => expect([chat.total.value, chat.unread.value]).toEqual([0, 0]), PATIENT);
    chat.sender.send('hello yourself');
    chat.sender.send({ file: new File([new Uint8Array(200_000)], 'notes.bin') });
    await vi.waitFor(
      () =>
        expect(chat.messages.value.map(({ sendingStatus }) => sendingStatus)).toEqual([
          undefined,
          undefined,
          undefined,
        ]),
      PATIENT,
    );
    expect(chat.messages.value.map(({ isOwn, type }) => [isOwn, type])).toEqual([
      [false, 'text'],
      [true, 'text'],
      [true, 'file'],
    ]);
    await vi.waitFor(() => expect([chat.uploads.value, chat.list.value.length]).toEqual([[], 1]), PATIENT);
  });

  test('pages, and another conversation', async () => {
    const { alice, bob } = await pair();
    for (let index = 0; index < 30; index++)
      bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(index) });
    await alice.events.count('onRosterMessage', 30);
    const chosen = ref<vue.ConversationRef | undefined>({ type: 'roster', id: bob.id });
    const { messages, hasMore, isLoading, loadOlder } = use(alice, () => vue.useMessages(chosen, { pageSize: 20 }));
    await vi.waitFor(() => expect([messages.value.length, isLoading.value]).toEqual([20, false]), PATIENT);
    await loadOlder();
    await vi.waitFor(() => expect([messages.value.length, hasMore.value]).toEqual([30, false]), PATIENT);
    // Another object that names the same conversation keeps its pages.
    chosen.value = { type: 'roster', id: String(bob.id) };
    await vi.waitFor(() => expect(messages.value.length).toBe(30), PATIENT);
    chosen.value = undefined;
    await vi.waitFor(() => expect([messages.value, hasMore.value]).toEqual([[], false]), PATIENT);
  });

  test('people: names, members, friend requests, invitations', async () => {
    const { alice, bob } = await pair();
    await bob.client.groupManage.asyncCreate({ name: 'climbers', user_list: [alice.id] });
    const gid = (await bob.client.groupManage.asyncGetJoinedGroups())[0]!.group_id;
    const people = use(alice, () => ({
      self: vue.useSelf(),
      bob: vue.useUser(bob.id),
      group: vue.useGroup(() => gid),
      members: vue.useGroupMembers(gid),
      requests: vue.useFriendRequests(),
      invitations: vue.useGroupInvitations(),
    }));
    await vi.waitFor(() => expect([people.self.value.name, people.bob.value.name]).toEqual(['alice', 'bob']), PATIENT);
    await vi.waitFor(() => expect(people.group.value.name).toBe('climbers'), PATIENT);
    const names = (): string[] => people.members.data.value.map(({ display_name }) => display_name);
    await vi.waitFor(() => expect(names()).toEqual(['alice', 'bob']), PATIENT);
    expect([people.requests.data.value, people.invitations.data.value]).toEqual([[], []]);
  });

  test('a search follows its words', async () => {
    const { alice, bob } = await pair();
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'a green apple' });
    await alice.events.next('onRosterMessage');
    const query = ref('gre');
    const { messages } = use(alice, () => vue.useSearch(query));
    query.value = 'green';
    await vi.waitFor(() => expect(messages.value.map(({ id }) => id)).toEqual([bob.id]), PATIENT);
    query.value = 'blue';
    await vi.waitFor(() => expect(messages.value).toEqual([]), PATIENT);
  });
});

describe('a call', () => {
  test('is answered and ended on a screen, which is rendered once a second', async () => {
    const plan = createPlan();
    const { alice, bob } = await pair({ rtc: fakeCalls(plan) });
    let rendered = 0;
    const Screen = defineComponent({
      setup() {
        const { call, calls, state, seconds, peer, reason, remoteRef, dismiss } = vue.useCall();
        const start = (): void => void calls.value?.start({ uid: bob.id, video: true });
        const close = (): void => (state.value === 'ended' ? dismiss() : call.value?.hangUp());
        return () => {
          rendered++;
          if (!call.value) return h('button', { onClick: start }, 'Call');
          return h('section', [
            h('video', { ref: remoteRef }),
            h('output', [peer.value, state.value, seconds.value, reason.value].join(' ')),
            h('button', { onClick: close }, 'Close'),
          ]);
        };
      },
    });
    const app = mount(Screen, { global: { plugins: [vue.createFlooim({ client: alice.client })] } });
    wrappers.push(app);
    const says = async (words: string): Promise<void> =>
      vi.waitFor(() => expect(app.find('output').text()).toBe(`${bob.id} ${words}`.trim()), PATIENT);
    const press = async (): Promise<void> => app.find('button').trigger('click');
    await press();
    await says('ringing 0');
    const answering = use(bob, () => vue.useCall());
    await vi.waitFor(() => expect(answering.state.value).toBe('ringing'), PATIENT);
    await answering.call.value!.accept();
    await says('connecting 0');
    const [own, others] = plan.made;
    expect(own!.log).toContain('shows remote');
    expect(own!.log).not.toContain('hides remote');
    own!.listener.onUp();
    others!.listener.onUp();
    await says('connected 0');
    rendered = 0;
    await says('connected 2');
    expect(rendered).toBe(2);
    await press();
    await says('ended 2 hungUp');
    expect(own!.isClosed).toBe(true);
    await press();
    await vi.waitFor(() => expect(app.text()).toBe('Call'), PATIENT);
  });

  test('a client without the option rtc is refused', async () => {
    const { alice } = await pair();
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    expect(() => use(alice, () => vue.useCall())).toThrow('the option rtc');
    warn.mockRestore();
  });
});

test('500 messages to one of 1,000 conversations: few renderings, and of the row that changed', async () => {
  const { alice, bob } = await pair();
  for (let index = 0; index < 999; index++) alice.client.sysManage.touchConversation(7_000_000 + index, 'roster');
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'first' });
  await alice.events.next('onRosterMessage');
  const rendered = { list: 0, rows: 0, chat: 0 };
  const Row = defineComponent({
    props: { row: { type: Object, required: true } },
    setup: (props) => () => {
      rendered.rows++;
      return h('li', String(props.row['content']));
    },
  });
  const Inbox = defineComponent({
    setup() {
      const rows = vue.useConversations();
      return () => {
        rendered.list++;
        return h(
          'ul',
          rows.value.map((row) => h(Row, { key: vue.conversationKey(row), row })),
        );
      };
    },
  });
  const Chat = defineComponent({
    setup() {
      const { messages } = vue.useMessages({ type: 'roster', id: bob.id });
      return () => {
        rendered.chat++;
        return h('output', messages.value[messages.value.length - 1]?.content);
      };
    },
  });
  const app = mount(
    { render: () => [h(Inbox), h(Chat)] },
    { global: { plugins: [vue.createFlooim({ client: alice.client })] } },
  );
  wrappers.push(app);
  await vi.waitFor(() => expect([rendered.rows, app.find('output').text()]).toEqual([1000, 'first']), PATIENT);
  Object.assign(rendered, { list: 0, rows: 0, chat: 0 });
  const start = performance.now();
  for (let index = 0; index < 500; index++)
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(index) });
  await vi.waitFor(() => expect(app.find('output').text()).toBe('499'), PATIENT);
  const frames = Math.ceil((performance.now() - start) / 16) + 1;
  expect(rendered.list).toBeLessThanOrEqual(frames);
  expect(rendered.chat).toBeLessThanOrEqual(frames);
  // The other 999 rows are not rendered again.
  expect(rendered.rows).toBeLessThanOrEqual(rendered.list);
});

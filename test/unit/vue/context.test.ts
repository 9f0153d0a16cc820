import { expect, test } from 'vitest';
import { createSSRApp, defineComponent, h } from 'vue';
import { renderToString } from 'vue/server-renderer';
import * as vue from '../../../src/vue/index.ts';

/** Every composable in one component. */
const Everything = defineComponent({
  setup() {
    const to = { type: 'roster', id: 1 } as const;
    const { isLoggedIn } = vue.useSession();
    const connection = vue.useConnection();
    const found = [
      vue.useConversations().value.length,
      vue.useUnread().value + vue.useUnread(to).value,
      vue.useMessages(to).messages.value.length,
      vue.useUploads().value.length,
      vue.useGroupMembers(1).data.value.length,
      vue.useFriendRequests().data.value.length + vue.useGroupInvitations().data.value.length,
      vue.useSearch('words').messages.value.length,
      [vue.useUser(1), vue.useGroup(1), vue.usePeer(to), vue.useSelf()].map(({ value }) => value.name).join(''),
      typeof vue.useSend(to).send,
      String(vue.useTyping(to).value),
      String(vue.useClient().value),
      String(vue.useCall().call.value),
    ];
    return () => h('p', `${connection.value.state} ${String(isLoggedIn.value)} ${found.join(' ')}`);
  },
});
const EMPTY = '<p>offline false 0 0 0 0 0 0 0  function false undefined null</p>';

const create = (): never => {
  throw new Error('a client on a server');
};

test('a server renders every composable with its empty value, and makes no client', async () => {
  const app = createSSRApp(Everything).use(vue.createFlooim({ create }));
  expect(await renderToString(app)).toBe(EMPTY);
});

test('so does it below a component that provides the client', async () => {
  const Parent = defineComponent({
    setup() {
      vue.provideFlooim({ create });
      return () => h(Everything);
    },
  });
  expect(await renderToString(createSSRApp(Parent))).toBe(EMPTY);
});

test('a plugin without a client and without a way to make one is refused', () => {
  expect(() => createSSRApp(Everything).use(vue.createFlooim({}))).toThrow('a client, or create');
});

import { createElement } from 'react';
import type { ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import * as hooks from '../../../src/react/index.ts';

/** Every hook in one component. */
function Everything(): ReactElement {
  const to = { type: 'roster', id: 1 } as const;
  const { isLoggedIn } = hooks.useSession();
  const found = [
    hooks.useConversations().length,
    hooks.useUnread() + hooks.useUnread(to),
    hooks.useMessages(to).messages.length,
    hooks.useUploads().length,
    hooks.useGroupMembers(1).data.length,
    hooks.useFriendRequests().data.length + hooks.useGroupInvitations().data.length,
    hooks.useSearch('words').messages.length,
    [hooks.useUser(1), hooks.useGroup(1), hooks.usePeer(to), hooks.useSelf()].map(({ name }) => name).join(''),
    typeof hooks.useSend(to).send,
    String(hooks.useTyping(to)),
    String(hooks.useClient()),
    String(hooks.useCall().call),
  ];
  return createElement('p', null, `${hooks.useConnection().state} ${String(isLoggedIn)} ${found.join(' ')}`);
}

test('a server renders every hook with its empty value, and makes no client', () => {
  const create = (): never => {
    throw new Error('a client on a server');
  };
  const html = renderToString(createElement(hooks.FlooimProvider, { create }, createElement(Everything)));
  expect(html).toBe('<p>offline false 0 0 0 0 0 0 0  function false undefined null</p>');
});

test('a provider without a client and without a way to make one is refused', () => {
  expect(() => renderToString(createElement(hooks.FlooimProvider))).toThrow('a client, or create');
});

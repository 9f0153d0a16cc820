// A chat with one other user, built with the composables of use-flooim.ts. It has no template, so that nothing has to compile it.
import { defineComponent, h, ref } from 'vue';
import type { VNode } from 'vue';
import { useConversations, useFlooim, useMessages } from './use-flooim.ts';

export const Chat = defineComponent({
  props: { appid: String, dnsServer: String, peer: { type: Number, required: true } },
  setup(props) {
    const { appid, dnsServer } = props;
    const { client, connection } = useFlooim({ ...(appid && { appid }), dnsServer });
    const conversations = useConversations(client);
    const messages = useMessages(client, 'roster', () => props.peer);
    const [name, password, text] = [ref(''), ref(''), ref('')];
    const input = (of: typeof text, more: object): VNode =>
      h('input', {
        ...more,
        value: of.value,
        onInput: ({ target }: Event) => (of.value = (target as HTMLInputElement).value),
      });

    const logIn = (event: Event): void => {
      event.preventDefault();
      client.value
        ?.login({ name: name.value, password: password.value })
        .catch((error: unknown) => alert(String(error)));
    };
    const send = (event: Event): void => {
      event.preventDefault();
      client.value?.sysManage.sendRosterMessage({ uid: props.peer, content: text.value });
      text.value = '';
    };

    return () => {
      const self = client.value?.userManage.getUid();
      return h('main', [
        h('p', { id: 'connection' }, connection.value),
        connection.value === 'logged-out' &&
          h('form', { id: 'login', onSubmit: logIn }, [
            input(name, { name: 'name', placeholder: 'name' }),
            input(password, { name: 'password', type: 'password', placeholder: 'password' }),
            h('button', 'Log in'),
          ]),
        h(
          'ul',
          { id: 'conversations' },
          conversations.value.map(({ type, id, content, unread }) =>
            h('li', { key: `${type} ${id}` }, [`${id}: ${content} `, unread > 0 && h('b', unread)]),
          ),
        ),
        h(
          'ol',
          { id: 'messages' },
          messages.value.map(({ id, from, content, sendingStatus = '' }) =>
            h('li', { key: id }, `${Number(from) === self ? 'me' : from}: ${content} ${sendingStatus}`),
          ),
        ),
        h('form', { id: 'send', onSubmit: send }, [
          input(text, { name: 'text' }),
          h('button', { disabled: connection.value === 'logged-out' }, 'Send'),
        ]),
      ]);
    };
  },
});

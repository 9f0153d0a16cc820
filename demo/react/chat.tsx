// A chat with one other user, built with the hooks of use-flooim.ts.
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useConversations, useFlooim, useMessages } from './use-flooim.ts';

export interface ChatProps {
  appid?: string;
  dnsServer?: string;
  /** The user to write to. */
  peer: number;
}

export function Chat({ peer, ...options }: ChatProps): ReactElement {
  const { client, connection } = useFlooim(options);
  const conversations = useConversations(client);
  const messages = useMessages(client, 'roster', peer);
  const [text, setText] = useState('');
  const self = client?.userManage.getUid();

  return (
    <main>
      <p id="connection">{connection}</p>
      {connection === 'logged-out' && (
        <form
          id="login"
          action={(form) => {
            const [name, password] = [String(form.get('name')), String(form.get('password'))];
            client?.login({ name, password }).catch((error: unknown) => alert(String(error)));
          }}
        >
          <input name="name" placeholder="name" />
          <input name="password" type="password" placeholder="password" />
          <button>Log in</button>
        </form>
      )}
      <ul id="conversations">
        {conversations.map(({ type, id, content, unread }) => (
          <li key={`${type} ${id}`}>
            {id}: {content} {unread > 0 && <b>{unread}</b>}
          </li>
        ))}
      </ul>
      <ol id="messages">
        {messages.map(({ id, from, content, sendingStatus }) => (
          <li key={id}>
            {Number(from) === self ? 'me' : from}: {content} {sendingStatus}
          </li>
        ))}
      </ol>
      <form
        id="send"
        action={() => {
          client?.sysManage.sendRosterMessage({ uid: peer, content: text });
          setText('');
        }}
      >
        <input name="text" value={text} onChange={(event) => setText(event.target.value)} />
        <button disabled={connection === 'logged-out'}>Send</button>
      </form>
    </main>
  );
}

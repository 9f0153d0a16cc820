import { useEffect, useRef } from 'react';
import type { Message } from 'flooim';
import { messageKey, useGroupMembers, useMessages, usePeer, useSend, useTyping, useUser } from 'flooim/react';
import type { ConversationRef } from 'flooim/react';

interface ChatProps {
  readonly conversation: ConversationRef;
  readonly onBack: () => void;
}

export function Chat({ conversation, onBack }: ChatProps) {
  const { name } = usePeer(conversation);
  const isTyping = useTyping(conversation);
  const { messages, hasMore, isLoading, error, loadOlder, markRead } = useMessages(conversation);
  const end = useRef<HTMLDivElement>(null);
  const newest = messages[messages.length - 1];
  const newestKey = newest && messageKey(newest);
  useEffect(() => {
    markRead();
    end.current?.scrollIntoView();
  }, [markRead, newestKey]);
  return (
    <main className="chat">
      <header>
        <button className="back" onClick={onBack}>
          Back
        </button>
        <h1>{name}</h1>
        <span role="status">{isTyping && 'is typing …'}</span>
        {conversation.type === 'group' && <Members gid={conversation.id} />}
      </header>
      <div className="messages" aria-busy={isLoading}>
        {hasMore && (
          <button disabled={isLoading} onClick={() => void loadOlder()}>
            Older messages
          </button>
        )}
        {error && <p role="alert">{error.message}</p>}
        <ol id="messages">
          {messages.map((message) => (
            <Row key={messageKey(message)} message={message} conversation={conversation} />
          ))}
        </ol>
        <div ref={end} />
      </div>
      <Composer conversation={conversation} />
    </main>
  );
}

const STATUS = ['sent', 'delivered', 'read'];

function Row({ message, conversation }: { readonly message: Message; readonly conversation: ConversationRef }) {
  const { retry, discard } = useSend(conversation);
  const { name } = useUser(message.from);
  const { id, isOwn, content, attach, sendingStatus, progress, sendingError } = message;
  return (
    <li className={isOwn ? 'own' : ''}>
      {!isOwn && <b>{name}: </b>}
      {content || attach?.dName || message.type}{' '}
      {sendingStatus === 'sending' && <small>{progress === undefined ? 'sending …' : `${progress} %`}</small>}
      {sendingStatus === 'failed' && (
        <small>
          {sendingError} <button onClick={() => retry(id)}>Send again</button>{' '}
          <button onClick={() => void discard(id)}>Forget it</button>
        </small>
      )}
      {isOwn && !sendingStatus && <small>{STATUS[message.status]}</small>}
    </li>
  );
}

function Composer({ conversation }: Pick<ChatProps, 'conversation'>) {
  const { send, typed } = useSend(conversation);
  const submit = (form: FormData): void => {
    const text = String(form.get('text'));
    const file = form.get('file');
    if (file instanceof File && file.size > 0) send({ file });
    if (text.trim()) send(text);
  };
  return (
    <form id="send" action={submit}>
      <input name="text" aria-label="Message" autoComplete="off" onChange={typed} />
      <input name="file" type="file" aria-label="File" />
      <button>Send</button>
    </form>
  );
}

function Members({ gid }: { readonly gid: ConversationRef['id'] }) {
  const { data } = useGroupMembers(gid);
  return (
    <details>
      <summary>{data.length} members</summary>
      <ul>
        {data.map(({ user_id, display_name }) => (
          <li key={user_id}>{display_name}</li>
        ))}
      </ul>
    </details>
  );
}

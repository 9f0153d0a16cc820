import { memo, useState } from 'react';
import { conversationKey, useConversations, usePeer, useSearch } from 'flooim/react';
import type { ConversationRef } from 'flooim/react';

interface InboxProps {
  readonly chosen: ConversationRef | undefined;
  readonly onChoose: (conversation: ConversationRef) => void;
}

export function Inbox({ chosen, onChoose }: InboxProps) {
  const [words, setWords] = useState('');
  const conversations = useConversations();
  const { messages, rosterArr, groupArr, isLoading } = useSearch(words);
  const key = chosen && conversationKey(chosen);
  return (
    <>
      <input
        type="search"
        aria-label="Search"
        placeholder="Search"
        value={words}
        onChange={({ target }) => setWords(target.value)}
      />
      {words.trim() && (
        <section aria-label="Found" aria-busy={isLoading}>
          <ul>
            {rosterArr.map(({ user_id: id }) => (
              <Row key={id} type="roster" id={id} content="" unread={0} isChosen={false} onChoose={onChoose} />
            ))}
            {groupArr.map(({ group_id: id }) => (
              <Row key={id} type="group" id={id} content="" unread={0} isChosen={false} onChoose={onChoose} />
            ))}
            {messages.map(({ type, id, message: { id: mid, content } }) => (
              <Row key={mid} type={type} id={id} content={content} unread={0} isChosen={false} onChoose={onChoose} />
            ))}
          </ul>
        </section>
      )}
      <h2>Chats</h2>
      <ul id="conversations">
        {conversations.map((row) => (
          <Row
            key={conversationKey(row)}
            type={row.type}
            id={row.id}
            content={row.content}
            unread={row.unread}
            isChosen={conversationKey(row) === key}
            onChoose={onChoose}
          />
        ))}
      </ul>
    </>
  );
}

interface RowProps {
  readonly type: ConversationRef['type'];
  readonly id: number;
  readonly content: string;
  readonly unread: number;
  readonly isChosen: boolean;
  readonly onChoose: InboxProps['onChoose'];
}

/** It is rendered again only when one of its values is another one. */
const Row = memo(function Row({ type, id, content, unread, isChosen, onChoose }: RowProps) {
  const { name } = usePeer({ type, id });
  return (
    <li>
      <button className="row" aria-current={isChosen} onClick={() => onChoose({ type, id })}>
        <span>
          {name}: {content}
        </span>
        {unread > 0 && <b aria-label={`${unread} unread`}>{unread}</b>}
      </button>
    </li>
  );
});

import { useState } from 'react';
import { stateText } from 'flooim/error-texts';
import { conversationKey, useConnection, useSelf, useSession } from 'flooim/react';
import type { ConversationRef } from 'flooim/react';
import { Chat } from './chat.tsx';
import { Inbox } from './inbox.tsx';
import { Login } from './login.tsx';
import { Requests } from './requests.tsx';

export function App() {
  const { isLoggedIn, logout } = useSession();
  const [chosen, setChosen] = useState<ConversationRef>();
  const self = useSelf();
  const connection = useConnection();
  if (!isLoggedIn) return <Login />;
  return (
    <div className={chosen ? 'app has-chat' : 'app'}>
      <header>
        <b>{self.name}</b>
        <span role="status">{stateText(connection, 'en')}</span>
        <button onClick={() => void logout().then(() => setChosen(undefined))}>Log out</button>
      </header>
      <nav className="side" aria-label="Conversations">
        <Requests />
        <Inbox chosen={chosen} onChoose={setChosen} />
      </nav>
      {chosen && <Chat key={conversationKey(chosen)} conversation={chosen} onBack={() => setChosen(undefined)} />}
    </div>
  );
}

import { useState } from 'react';
import { useFriendRequests, useGroup, useGroupInvitations, useUser } from 'flooim/react';

/** Friend requests and invitations to groups, if there are any. */
export function Requests() {
  const friends = useFriendRequests();
  const groups = useGroupInvitations();
  const [problem, setProblem] = useState('');
  const run = (answer: Promise<void>): void =>
    void answer.then(
      () => setProblem(''),
      (error: unknown) => setProblem(String(error)),
    );
  if (friends.data.length + groups.data.length === 0) return null;
  return (
    <section id="requests" aria-label="Requests">
      <h2>Requests</h2>
      {problem && <p role="alert">{problem}</p>}
      <ul>
        {friends.data.map((request) => (
          <li key={request.user_id}>
            <UserName uid={request.user_id} /> {request.reason}{' '}
            <button onClick={() => run(friends.accept(request))}>Accept</button>{' '}
            <button onClick={() => run(friends.decline(request))}>Decline</button>
          </li>
        ))}
        {groups.data.map((invitation) => (
          <li key={invitation.group_id}>
            <GroupName gid={invitation.group_id} /> <button onClick={() => run(groups.accept(invitation))}>Join</button>{' '}
            <button onClick={() => run(groups.decline(invitation))}>Decline</button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const UserName = ({ uid }: { readonly uid: number }) => <b>{useUser(uid).name}</b>;
const GroupName = ({ gid }: { readonly gid: number }) => <b>{useGroup(gid).name}</b>;

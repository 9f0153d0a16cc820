import { expect, test } from 'vitest';
import { APP_ID, startRoom } from './harness.ts';

test('history by REST has the exact ids of messages, and goes on from page to page', async () => {
  const { server, user } = await startRoom();
  const alice = await user('alice');
  const bob = await user('bob');
  const body = { targets: [alice.id], type: 1, content_type: 0, from_user_id: bob.id };
  const admin = { app_id: APP_ID, 'access-token': server.adminToken };
  for (const content of ['one', 'two', 'three'])
    await fetch(`${server.url}/message/send`, {
      method: 'POST',
      headers: admin,
      body: JSON.stringify({ ...body, content }),
    });

  // As text: a JavaScript number does not hold these ids.
  const read = async (start: string): Promise<{ ids: string[]; next: string }> => {
    const url = `${server.url}/message/conversation?opposite_id=${bob.id}&msg_id_start=${start}&limit=2`;
    const text = await (await fetch(url, { headers: { app_id: APP_ID, 'access-token': alice.token } })).text();
    const ids = [...text.matchAll(/"msg_id":(\d+)/g)].map(([, id]) => id!);
    return { ids, next: /"next_msg_id":(\d+)/.exec(text)![1]! };
  };
  const app = server.data.app(APP_ID);
  const kept = app.messages.upTo(app.historyView(alice.id, bob.id), 2n ** 63n).map(({ id }) => String(id));
  const first = await read('0');
  const second = await read(first.next);
  expect([...first.ids, ...second.ids]).toEqual(kept);
  expect(second.next).toBe('0');
});

/** A tab whose session another tab of the same user has taken over, on one IndexedDB: tabs that are not one client. */
import { describe, expect, it } from 'vitest';
import { createIndexedDbKvProvider } from '../../src/platform/browser/kv-store.ts';
import { quiet, until } from '../support/client-events.ts';
import { create, pair } from './people.ts';
import type { Person } from './people.ts';

const LOGIN = { name: 'alice', password: 'secret12' };

/** Sends messages with these numbers, and waits for the last. */
async function talk(from: Person, to: Person, first: number, last: number): Promise<void> {
  for (let n = first; n <= last; n++) from.client.sysManage.sendRosterMessage({ uid: to.id, content: String(n) });
  await to.events.next('onRosterMessage', ({ content }) => content === String(last));
}

/** What the database of a user holds of a conversation, and its record. */
async function stored(appid: string, user: number, peer: number): Promise<{ messages: number; record: unknown }> {
  const kv = await createIndexedDbKvProvider().open(`flooim.${appid}.${user}`);
  const segments = await kv.range({ from: `s/r${peer}/`, to: `s/r${peer}/\uffff` });
  const bucket = (await kv.get(`conversations/${String(peer).slice(-2)}`)) as string;
  const records = JSON.parse(bucket) as [string, Record<string, unknown>][];
  await kv.close();
  return {
    messages: segments.reduce((sum, { value }) => sum + (JSON.parse(value as string) as unknown[]).length, 0),
    record: records.find(([key]) => key === `r${peer}`)?.[1],
  };
}

describe('two tabs', () => {
  it('B1: a kicked client writes nothing and reads again at its next login', async () => {
    const { appid, alice, bob } = await pair({ shareTabs: false });
    const itemOf = ({ client }: Pick<Person, 'client'>): unknown =>
      client.userManage.getConversationList().find(({ id }) => id === bob.id);
    const contents = ({ client }: Pick<Person, 'client'>): unknown[] =>
      client.rosterManage.getRosterMessageByRid(bob.id).map(({ content }) => content);
    await talk(bob, alice, 1, 28);
    alice.client.rosterManage.readRosterMessage(bob.id);
    await talk(bob, alice, 29, 30);
    expect(itemOf(alice)).toMatchObject({ unread: 2 });

    const { client, events } = create(appid, { autoLogin: false, shareTabs: false });
    await client.login(LOGIN);
    await alice.events.next('flooError', ({ category }) => category === 'UserKickedBySameDevice');
    await talk(bob, { client, events, id: alice.id }, 31, 60);
    await until(() => client.rosterManage.getRosterMessageByRid(bob.id).length === 60, 'the messages');
    await quiet(150);
    expect(await stored(appid, alice.id, bob.id)).toMatchObject({ messages: 60, record: { unread: 32 } });

    const { rosterManage, sysManage } = alice.client;
    rosterManage.readRosterMessage(bob.id);
    sysManage.saveConversationDraft(bob.id, 'roster', 'of the kicked tab');
    sysManage.touchConversation(bob.id, 'roster');
    sysManage.sendRosterMessage({ uid: bob.id, content: 'of the kicked tab' });
    sysManage.sendRosterMessage({ uid: bob.id, file: new File(['of the kicked tab'], 'a.txt') });
    await rosterManage.asyncGetRosterIdList(true);
    dispatchEvent(new Event('pagehide'));
    await alice.events.count('onSendingMessageStatusChanged', 2, ({ status }) => status === 'failed');
    await quiet(200);
    const after = await stored(appid, alice.id, bob.id);
    expect(after).toMatchObject({ messages: 60, record: { unread: 32 } });
    expect(JSON.stringify(after.record)).not.toContain('of the kicked tab');

    await alice.client.login(LOGIN);
    expect(itemOf(alice)).toMatchObject({ unread: 32, content: '60' });
    expect(contents(alice)).toEqual(Array.from({ length: 60 }, (_, at) => String(at + 1)));
    await talk(bob, alice, 61, 61);
    await quiet(150);
    expect(await stored(appid, alice.id, bob.id)).toMatchObject({ messages: 61, record: { unread: 33 } });
    await client.dispose();
    await alice.client.dispose();
    const reloaded = create(appid, { autoLogin: false, shareTabs: false });
    await reloaded.client.login(LOGIN);
    expect(contents(reloaded)).toHaveLength(61);
    expect(itemOf(reloaded)).toMatchObject({ unread: 33 });
  });
});

// One tab has the call, and all show it.
import { afterEach, expect, test } from 'vitest';
import { closePhones, openCallWorld } from '../../support/call-world.ts';

afterEach(closePhones);

async function openTabs() {
  const world = openCallWorld();
  const one = await world.openPhone('alice', { tab: 'one' });
  const two = await world.openPhone('alice', { tab: 'two' });
  const bob = await world.openPhone('bob');
  return { ...world, one, two, bob };
}

test('a call that rings in all tabs is answered in one, and the other shows it and can end it', async () => {
  const { one, two, bob, advance, chat } = await openTabs();
  const call = await bob.client.calls.start({ uid: one.uid, video: true });
  await advance(10);
  expect([one.current().state, two.current().state]).toEqual(['ringing', 'ringing']);
  const other = one.current();
  await two.current().accept();
  await advance(10);
  expect([other.state, other.isInOtherTab, two.current().isInOtherTab]).toEqual(['connecting', true, false]);
  bob.media().listener.onUp();
  two.media().listener.onUp();
  await advance(20_000);
  expect([other.state, other.durationMs]).toEqual(['connected', 20_000]);
  expect(other.local.camera).toBe(null);
  other.hangUp();
  await advance(10);
  expect([other.reason, call.reason]).toEqual(['hungUp', 'peerHungUp']);
  expect([one, two].map(({ client }) => client.calls.current)).toEqual([null, null]);
  expect([one.plan.made.length, two.media().isClosed]).toEqual([0, true]);
  expect(chat('alice', 'bob').map((words) => words.replace(/\d+/, 'ms'))).toEqual([
    'bob: call',
    'alice: pickup',
    'alice: hangup ms',
    'bob: record ms',
  ]);
});

test('a call that one tab makes is shown in the others, also in one that opens later', async () => {
  const { one, two, bob, advance, openPhone } = await openTabs();
  await one.client.calls.start({ uid: bob.uid });
  await advance(10);
  const third = await openPhone('alice', { tab: 'three' });
  await advance(10);
  for (const tab of [two, third]) {
    expect(tab.current()).toMatchObject({ state: 'ringing', direction: 'outgoing', peer: bob.uid, isInOtherTab: true });
    await expect(tab.client.calls.start({ uid: bob.uid })).rejects.toMatchObject({ reason: 'ServerBusy' });
  }
  third.current().hangUp();
  await advance(10);
  expect([one, two, third].map(({ heard }) => heard[heard.length - 1])).toEqual(Array(3).fill('ended canceled'));
});

test('declined in one tab, once for all', async () => {
  const { one, two, bob, advance, chat } = await openTabs();
  await bob.client.calls.start({ uid: one.uid });
  await advance(10);
  two.current().decline();
  await advance(10);
  expect(one.heard.slice(-1)).toEqual(['ended declinedElsewhere']);
  expect(chat('alice', 'bob')).toEqual(['bob: call', 'alice: hangup rejected', 'bob: record rejected']);
});

test('answered in two tabs at once: one has it', async () => {
  const { one, two, bob, advance } = await openTabs();
  await bob.client.calls.start({ uid: one.uid });
  await advance(10);
  await Promise.all([one.current().accept(), two.current().accept()]);
  await advance(3000);
  expect([one.current().isInOtherTab, two.current().isInOtherTab].sort()).toEqual([false, true]);
  // The other one has not asked for the devices.
  expect([...one.plan.made, ...two.plan.made].map(({ isClosed }) => isClosed)).toEqual([false]);
});

test('busy is said once, whatever tab has the call', async () => {
  const { one, bob, carol, two, advance, chat } = await openTabs();
  const calls = async (callId: string): Promise<unknown> => {
    const config = { action: 'call', callId, roomId: 12, initiator: Number(carol.id), type: 0, pin: 'p' };
    return carol.says('', { to: 'alice', type: 'rtc', config });
  };
  await bob.client.calls.start({ uid: one.uid });
  await calls('while it rings');
  await advance(500);
  expect(chat('alice', 'carol')).toEqual(['carol: call', 'alice: hangup busy']);
  await two.current().accept();
  await advance(10);
  await calls('in the call');
  await advance(500);
  expect(chat('alice', 'carol').slice(2)).toEqual(['carol: call', 'alice: hangup busy']);
});

test('calls are made in two tabs at once: one makes its call, and the other shows it', async () => {
  const { one, two, bob, carol, advance, chat } = await openTabs();
  const [first, second] = await Promise.allSettled([
    one.client.calls.start({ uid: bob.uid }),
    two.client.calls.start({ uid: carol.id }),
  ]);
  expect(first.status).toBe('fulfilled');
  expect(second).toMatchObject({ reason: { reason: 'ServerBusy', details: { local: true } } });
  await advance(10);
  expect(two.current()).toMatchObject({ peer: bob.uid, isInOtherTab: true });
  expect([two.plan.made, chat('alice', 'carol')]).toEqual([[], []]);
  two.current().hangUp();
  await advance(10);
  // The next call is anybody's.
  await expect(two.client.calls.start({ uid: bob.uid })).resolves.toMatchObject({ state: 'ringing' });
});

test('a call that one tab could not make hinders no other tab', async () => {
  const { one, two, bob } = await openTabs();
  one.plan.failures.takeDevices = one.port.createError('UserPermissionDenied', 'no');
  await expect(one.client.calls.start({ uid: bob.uid })).rejects.toMatchObject({ reason: 'UserPermissionDenied' });
  await expect(two.client.calls.start({ uid: bob.uid })).resolves.toMatchObject({ state: 'ringing' });
});

test('a tab that dies frees the user within a second', async () => {
  const { one, two, bob, advance, openPhone } = await openTabs();
  const third = await openPhone('alice', { tab: 'three' });
  await one.client.calls.start({ uid: bob.uid });
  await advance(10);
  const shown = [two.current(), third.current()];
  one.die();
  await advance(1000);
  expect(shown.map(({ reason }) => reason)).toEqual(['connectionLost', 'connectionLost']);
  expect(two.client.calls.current).toBe(null);
  await expect(two.client.calls.start({ uid: bob.uid })).resolves.toMatchObject({ state: 'ringing' });
});

test('the call that a tab shows for an hour stays without a word of the tab that has it', async () => {
  const { one, two, bob, advance } = await openTabs();
  await one.client.calls.start({ uid: bob.uid });
  await advance(10);
  await bob.current().accept();
  await advance(10);
  for (const phone of [one, bob]) phone.media().listener.onUp();
  await advance(3_600_000);
  expect(two.current()).toMatchObject({ state: 'connected', isInOtherTab: true, durationMs: 3_600_000 });
});

test.each(['one', 'two'] as const)('the tab that has the call is left: tab %s', async (name) => {
  const { one, two, bob, advance, chat } = await openTabs();
  const call = await bob.client.calls.start({ uid: one.uid });
  await advance(10);
  const [tab, other] = name === 'one' ? [one, two] : [two, one];
  await tab.current().accept();
  await advance(10);
  for (const phone of [tab, bob]) phone.media().listener.onUp();
  const shown = other.current();
  tab.page.dispatchEvent(new Event('pagehide'));
  tab.die();
  await advance(1000);
  expect([call.reason, shown.reason, other.client.calls.current]).toEqual(['peerHungUp', 'hungUp', null]);
  expect(chat('alice', 'bob').slice(2)).toEqual(['alice: hangup 0', 'bob: record 0']);
});

test('a logout ends it in all tabs', async () => {
  const { one, two, bob, advance } = await openTabs();
  await one.client.calls.start({ uid: bob.uid });
  await advance(10);
  await one.client.logout();
  await advance(100);
  expect([one, two].map(({ heard }) => heard[heard.length - 1])).toEqual(['ended loggedOut', 'ended loggedOut']);
});

// Bytes on the wire, as a line that is paid by the byte carries them: TCP payload, counted by the link in front of the server.
import { newPerson, logIn, queueMessages } from '../data/people.ts';
import { atSite, received, sleep } from './scenarios.ts';
import type { Build, Site } from './scenarios.ts';

/** Two heartbeats, and as many Engine.IO pings as in a hundred seconds of an hour. */
const IDLE_MS = 100_000;
/** Signs of life that a socket in use is asked for end within this time. */
const CALM_MS = 45_000;
const MESSAGES = 20;
const CONVERSATIONS = 100;

export interface Bytes {
  up: number;
  down: number;
}

export type ThinFigures = Record<'login' | 'sent' | 'received' | 'idle', Bytes>;

/** A login, a message each way, and an hour in which nothing happens, of a client with a hundred conversations. */
export async function thin(build: Build, transport: 'socket.io' | 'raw'): Promise<ThinFigures> {
  return atSite(build, { transport }, async (site) => {
    const { id: uid, person } = newPerson(site);
    for (let peer = 1; peer < CONVERSATIONS; peer++) queueMessages(site, newPerson(site).id, site.id, 5);
    queueMessages(site, uid, site.id, 5);
    const all = received(site.client, CONVERSATIONS * 5);
    await Promise.all([site.login(), all]);
    await sleep(1000);
    const login = bytesOf(site);
    const sent = await growth(site, async () => {
      for (let message = 0; message < MESSAGES; message++) {
        site.client.sysManage.sendRosterMessage({ uid, content: 'See you at the station at eight.' });
        await sleep(200);
      }
    });
    const peer = await logIn(person);
    await sleep(1000);
    const come = await growth(site, async () => {
      for (let message = 0; message < MESSAGES; message++) {
        peer.sysManage.sendRosterMessage({ uid: site.id, content: 'See you at the station at eight.' });
        await sleep(200);
      }
    });
    await peer.dispose();
    await sleep(CALM_MS);
    const idle = await growth(site, async () => sleep(IDLE_MS));
    return {
      login,
      sent: per(sent, MESSAGES),
      received: per(come, MESSAGES),
      idle: per(idle, IDLE_MS / 3_600_000),
    };
  });
}

const bytesOf = ({ link }: Site): Bytes => ({ up: link.carried.up, down: link.carried.down });

async function growth(site: Site, run: () => Promise<void>): Promise<Bytes> {
  const before = bytesOf(site);
  await run();
  const { up, down } = bytesOf(site);
  return { up: up - before.up, down: down - before.down };
}

const per = ({ up, down }: Bytes, count: number): Bytes => ({
  up: Math.round(up / count),
  down: Math.round(down / count),
});

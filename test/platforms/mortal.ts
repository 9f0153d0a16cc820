// Runs in a page or a worker that is killed: a client that sends, or drains, or logs out, and reports to the site.
import type { createClient as CreateClient } from '../../src/entries/browser.ts';

export interface MortalTask {
  appid: string;
  dnsServer: string;
  name: string;
  password: string;
  peer: number;
  /** Begins every text that this run sends; absent: it sends nothing. */
  prefix?: string;
  /** Whether the run logs out when the site says so. */
  logout?: boolean;
}

export type MortalReport =
  | { type: 'ready'; isLogin: boolean }
  /** The message is stored: from here on it is promised. */
  | { type: 'promised'; text: string }
  | { type: 'logged out' }
  | { type: 'problem'; text: string };

const SEND_EVERY_MS = 10;

export async function live(createClient: typeof CreateClient, task: MortalTask): Promise<void> {
  const report = (body: MortalReport): void =>
    void fetch('/report', { method: 'POST', body: JSON.stringify(body), keepalive: true });
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const { appid, dnsServer, name, password, peer, prefix } = task;
  const im = createClient({ appid, dnsServer, logLevel: 'off', backoff: { baseMs: 50, capMs: 400 } });
  im.on({
    onSendingMessageStatusChanged: ({ status, message }) => {
      if (status === 'sending' && message) report({ type: 'promised', text: message.content });
    },
    flooError: ({ category, desc }) => report({ type: 'problem', text: `${category} ${desc}` }),
    storageDegraded: ({ message }) => report({ type: 'problem', text: message }),
  });
  while (!im.isReady()) await pause(5);
  report({ type: 'ready', isLogin: im.isLogin() });
  if (prefix !== undefined) {
    if (!im.isLogin()) await im.login({ name, password });
    for (let sent = 1; ; sent++) {
      im.sysManage.sendRosterMessage({ uid: peer, content: `${prefix}.${sent}` });
      await pause(SEND_EVERY_MS);
    }
  }
  if (!task.logout) return;
  while ((await (await fetch('/mayLogOut')).text()) !== 'yes') await pause(50);
  await im.logout();
  report({ type: 'logged out' });
}

/** What runs in the pages of the tests of calls: a client as an app makes it. */
import { createClient } from '../../../src/entries/browser.ts';
import type { Call, Calls } from '../../../src/rtc/index.ts';
import { calls } from '../../../src/rtc/index.ts';
import './media-page.ts';

const heard: string[] = [];

window.page.login = async (dnsServer, name, password) => {
  const client = createClient({ dnsServer, rtc: calls({ iceServers: [] }) });
  client.calls.on('incomingCall', ({ direction }) => heard.push(`incoming ${direction}`));
  client.calls.on('callEnded', ({ reason }) => heard.push(`ended ${String(reason)}`));
  client.on('onRosterRTCMessage', (message) => {
    const record = client.calls.readRecord(message);
    if (record) heard.push(`record ${record.outcome}`);
  });
  await client.login({ name, password });
  window.phone = { calls: client.calls, uid: String(client.userManage.getUid()), heard };
  return client;
};

/** The calls of a page. */
export interface PagePhone {
  readonly calls: Calls & { readonly current: Call | null };
  readonly uid: string;
  readonly heard: string[];
}

declare global {
  interface Window {
    phone: PagePhone;
  }
}

// Runs in the page; Node calls its functions by name.
import { createClient } from '../../../src/entries/browser.ts';
import type { FlooClient } from '../../../src/entries/browser.ts';

const PASSWORD = 'secret12';
const PIECE_BYTES = 2 ** 20;

let client: FlooClient;
let self = 0;
let file: File;

const bench = {
  async logIn(dnsServer: string, username: string): Promise<void> {
    client = createClient({ appid: 'bench', dnsServer, logLevel: 'error', autoLogin: false });
    const { user_id } = await client.userManage.asyncRegister({ username, password: PASSWORD });
    self = user_id;
    await client.login({ name: username, password: PASSWORD });
  },
  /** The browser holds its bytes, as for a file that a user picked. */
  makeFile(megabytes: number): void {
    let made = new Blob();
    for (let at = 0; at < megabytes; at++) {
      const piece = new Uint8Array(PIECE_BYTES);
      for (let from = 0; from < PIECE_BYTES; from += 65_536)
        crypto.getRandomValues(piece.subarray(from, from + 65_536));
      made = new Blob([made, piece]);
    }
    file = new File([made], 'a.bin');
  },
  async upload(): Promise<void> {
    await client.sysManage.asyncFileUpload({ toType: 'chat', fileType: 'file', chatType: 'roster', to_id: self, file });
  },
  /** Kept in IndexedDB, uploaded and sent. */
  async send(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      client.on('onSendingMessageStatusChanged', ({ status, error }) => {
        if (status === 'sent') resolve();
        else if (status === 'failed') reject(error ?? new Error('failed'));
      });
      client.sysManage.sendRosterMessage({ uid: self, file });
    });
  },
};

export type FileBench = typeof bench;
Object.assign(window, { bench });

// A client in a process of its own: node-client.ts <dnsServer> <path of a file> upload|send. Prints what it measured as JSON.
import { createClient } from '../../../src/entries/node.ts';
import { watchMemory } from './sample.ts';

const PASSWORD = 'secret12';

const [, , dnsServer = '', file = '', how = ''] = process.argv;
const client = createClient({ appid: 'bench', dnsServer, logLevel: 'error', autoLogin: false });
const { user_id: self } = await client.userManage.asyncRegister({ username: `node_${how}`, password: PASSWORD });
await client.login({ name: `node_${how}`, password: PASSWORD });

const work = {
  upload: async (): Promise<unknown> =>
    client.sysManage.asyncFileUpload({ toType: 'chat', fileType: 'file', chatType: 'roster', to_id: self, file }),
  send: async (): Promise<unknown> =>
    new Promise<void>((resolve, reject) => {
      client.on('onSendingMessageStatusChanged', ({ status, error }) => {
        if (status === 'sent') resolve();
        else if (status === 'failed') reject(error ?? new Error('failed'));
      });
      client.sysManage.sendRosterMessage({ uid: self, file });
    }),
}[how];
if (!work) throw new Error('upload or send');

const used = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  // ArrayBuffers are external, too.
  return heapUsed + external;
};
const memory = await watchMemory(used, () => globalThis.gc?.(), work);
console.log(JSON.stringify(memory));
await client.dispose();

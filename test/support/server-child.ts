/** The program of a `ServerProcess`. It waits for the options, so that it is loaded when a server is needed. */
import { createDevServer } from 'flooim-devserver';
import type { DevServerOptions } from 'flooim-devserver';

// Nothing remains of a test that was ended itself.
process.once('disconnect', () => process.exit());
process.once('message', (options: DevServerOptions) => {
  void createDevServer(options).then(({ url, dnsUrl, adminUrl, port, adminPort, close }) => {
    process.once('message', () => void close().then(() => process.disconnect()));
    process.send!({ url, dnsUrl, adminUrl, port, adminPort });
  });
});

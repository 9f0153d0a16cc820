// A test for jest with ES modules: NODE_OPTIONS=--experimental-vm-modules npx jest -c demo/tested-app/jest.config.cjs
import { createClient } from 'flooim';
import { createTestServer } from 'flooim/testing';

test('a group', async () => {
  const server = createTestServer();
  const bob = server.addUser('bob');
  const im = createClient(server.clientOptions());
  await im.login(server.addUser('alice').credentials);
  const team = await bob.createsGroup('team', ['alice']);
  await bob.says('welcome', { to: team });
  expect(im.groupManage.getGroupMessage(team.id)).toMatchObject([{ content: 'welcome' }]);
  await im.dispose();
});

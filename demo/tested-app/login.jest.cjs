// A test for jest with CommonJS: npx jest -c demo/tested-app/jest.config.cjs
const { createClient } = require('flooim');
const { createTestServer } = require('flooim/testing');

test('a login, a message, and a day later another one', async () => {
  const server = createTestServer();
  const bob = server.addUser('bob');
  const im = createClient(server.clientOptions());
  await im.login(server.addUser('alice').credentials);
  await bob.says('hi', { to: 'alice' });
  await server.clock.advance(24 * 3_600_000);
  await bob.says('hi again', { to: 'alice' });
  expect(im.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([{ content: 'hi' }, { content: 'hi again' }]);
  await im.dispose();
});

test('a wrong password', async () => {
  const server = createTestServer();
  server.addUser('alice', { password: 'right' });
  const im = createClient({ ...server.clientOptions(), logLevel: 'error' });
  await expect(im.login({ name: 'alice', password: 'wrong' })).rejects.toMatchObject({ name: 'FlooError' });
  await im.dispose();
});

test("beside jest's fake timers, which are those of the app's own code", async () => {
  jest.useFakeTimers();
  const server = createTestServer();
  const bob = server.addUser('bob');
  const im = createClient(server.clientOptions());
  await im.login(server.addUser('alice').credentials);
  await bob.says('hi', { to: 'alice' });
  expect(im.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([{ content: 'hi' }]);
  await im.dispose();
  jest.useRealTimers();
});

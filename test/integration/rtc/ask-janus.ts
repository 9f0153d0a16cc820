import { WebSocket } from 'ws';

/** Asks Janus itself, not by way of the dev server. */
async function openJanus(url: string): Promise<{ ask(request: string): Promise<string>; close(): void }> {
  const socket = new WebSocket(url, 'janus-protocol');
  await new Promise((resolve) => socket.once('open', resolve));
  return {
    ask: async (request) => {
      const answered = new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
      socket.send(request);
      return answered;
    },
    close: () => socket.close(),
  };
}

/** Ends a session of somebody else. */
export async function endSession(url: string, session: string): Promise<void> {
  const { ask, close } = await openJanus(url);
  const at = `"session_id":${session},"transaction":"1"`;
  // One that has ended before is refused.
  if ((await ask(`{"janus":"claim",${at}}`)).includes('success')) await ask(`{"janus":"destroy",${at}}`);
  close();
}

/** Whether Janus has a room. */
export async function hasRoom(url: string, room: string): Promise<boolean> {
  const { ask, close } = await openJanus(url);
  const idOf = (answer: string): string => /"data": ?\{ ?"id": ?(\d+)/.exec(answer)![1]!;
  const session = idOf(await ask('{"janus":"create","transaction":"1"}'));
  const at = `"session_id":${session},"transaction":"1"`;
  const handle = idOf(await ask(`{"janus":"attach","plugin":"janus.plugin.videoroom",${at}}`));
  const body = `{"request":"exists","room":${room}}`;
  const answer = await ask(`{"janus":"message","handle_id":${handle},"body":${body},${at}}`);
  close();
  return /"exists": ?true/.test(answer);
}

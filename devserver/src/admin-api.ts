import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { Controls } from './controls.ts';
import { written } from './records/records.ts';
import type { Journal } from './records/records.ts';
import { isFromOtherOrigin } from './web-origin.ts';

/** Each control takes its function's argument as the JSON body. A plain argument is sent as `{"value": …}`. */
const CONTROLS: Readonly<Record<keyof Controls, (controls: Controls, body: never) => unknown>> = {
  dropSockets: (controls, body: Argument<'dropSockets'>) => controls.dropSockets(body),
  stall: (controls, body: Argument<'stall'>) => controls.stall(body),
  dropAnswers: (controls, body: Argument<'dropAnswers'>) => controls.dropAnswers(body),
  duplicatePages: (controls, { value }: { value: number }) => controls.duplicatePages(value),
  pushEager: (controls, { value }: { value: Argument<'pushEager'> }) => controls.pushEager(value),
  reversePages: (controls, { value }: { value: boolean }) => controls.reversePages(value),
  setDelay: (controls, { value }: { value: number }) => controls.setDelay(value),
  kick: (controls, body: Argument<'kick'>) => controls.kick(body),
  revokeToken: (controls, body: Argument<'revokeToken'>) => controls.revokeToken(body),
  refuseProvision: (controls, body: Argument<'refuseProvision'>) => controls.refuseProvision(body),
  refuseSend: (controls, body: Argument<'refuseSend'>) => controls.refuseSend(body),
  failRest: (controls, body: Argument<'failRest'>) => controls.failRest(body),
  setDns: (controls, body: Argument<'setDns'>) => controls.setDns(body),
  setTransfers: (controls, body: Argument<'setTransfers'>) => controls.setTransfers(body),
  cutTransfer: (controls, body: Argument<'cutTransfer'>) => controls.cutTransfer(body),
  refuseSignals: (controls, body: Argument<'refuseSignals'>) => controls.refuseSignals(body),
  setSignals: (controls, body: Argument<'setSignals'>) => controls.setSignals(body),
  loseSignals: (controls, body: Argument<'loseSignals'>) => controls.loseSignals(body),
  cutRelay: (controls, body: Argument<'cutRelay'>) => controls.cutRelay(body),
  relayedSignals: (controls, body: Argument<'relayedSignals'>) => controls.relayedSignals(body),
  confirmQrLogin: (controls, body: Argument<'confirmQrLogin'>) => controls.confirmQrLogin(body),
  sendBytes: (controls, { uid, bytes }: { uid?: string; bytes: string }) =>
    controls.sendBytes({ ...(uid !== undefined && { uid }), bytes: Buffer.from(bytes, 'base64') }),
  receivedFrames: (controls, body: Argument<'receivedFrames'>) => controls.receivedFrames(body),
  receivedRequests: (controls) => controls.receivedRequests(),
  connections: (controls) => controls.connections(),
  truth: (controls, body: Argument<'truth'>) => controls.truth(body),
  clearFaults: (controls) => controls.clearFaults(),
  reset: (controls) => controls.reset(),
};

type Argument<K extends keyof Controls> = NonNullable<Parameters<Controls[K]>[0]>;

/** The controls by HTTP: `POST /{control}`; `GET /` lists them. Answers `{ok, result}` or `{ok: false, error}`. */
export function createAdminApi(controls: Controls, journal: Journal): FastifyInstance {
  const api = fastify({ forceCloseConnections: true });
  // For tools and tests. A page that the developer happens to visit must neither read nor reset anything.
  api.addHook('onRequest', async ({ headers }, reply) => {
    if (isFromOtherOrigin(headers)) return reply.status(403).send({ ok: false, error: 'not for web pages' });
    return undefined;
  });
  api.addHook('onSend', async () => written(journal));
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
  api.get('/', async () => ({ ok: true, result: Object.keys(CONTROLS) }));
  for (const [name, run] of Object.entries(CONTROLS)) {
    api.post(`/${name}`, async (request) => {
      const text = request.body;
      const body: unknown = typeof text === 'string' && text !== '' ? JSON.parse(text) : {};
      return { ok: true, result: run(controls, body as never) };
    });
  }
  api.setErrorHandler((error, _request, reply) => reply.status(400).send({ ok: false, error: String(error) }));
  return api;
}

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { ClientOptions } from '../../src/options.ts';
import type { World } from './client-world.ts';

/** A request to the front. */
export interface FrontRequest {
  readonly method: string;
  /** Path with its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A REST host of the app in front of the dev server, as DNS names it. */
export interface RestFront {
  /** `http://host:port` */
  readonly url: string;
  /** For a client that is to use it. */
  readonly options: ClientOptions;
  /** What came, in order. */
  readonly requests: FrontRequest[];
  /** Answers a request instead of the dev server. @returns whether it did */
  answer: (request: FrontRequest, response: ServerResponse) => boolean;
}

/** Starts a REST host that passes everything on to the dev server, unless `answer` answers. */
export async function startRestFront(world: World): Promise<RestFront> {
  const front = { url: '', options: {}, requests: [] as FrontRequest[], answer: () => false } as {
    -readonly [key in keyof RestFront]: RestFront[key];
  };
  const host = await world.http((incoming, response) => {
    void respond(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const respond = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body: await buffer(incoming) };
    front.requests.push(request);
    if (front.answer(request, response)) return;
    const answer = await fetch(world.server.url + url, {
      method,
      headers: Object.entries(headers).filter(
        (entry): entry is [string, string] => !/^(host|connection|content-length|accept-encoding)$/.test(entry[0]),
      ),
      ...(method !== 'GET' && { body: new Uint8Array(request.body) }),
    });
    const type = answer.headers.get('content-type') ?? '';
    const bytes = Buffer.from(await answer.arrayBuffer());
    // Files and places for uploads are at the front, too.
    const body = type.includes('json') ? bytes.toString().replaceAll(world.server.url, front.url) : bytes;
    response.writeHead(answer.status, { 'content-type': type }).end(body);
  };
  const dns = await world.http((_request, response) => {
    const entry = (name: string): object => ({ protocol: 'http', host: name, ip_list: ['127.0.0.1'] });
    const clusters = [{ ratel: [entry(host)], webim: [entry(`127.0.0.1:${world.server.port}`)] }];
    const data = { app_status: 'normal', dns_list: [{ group_level: 0, clusters }] };
    response.end(JSON.stringify({ code: 200, data }));
  });
  front.url = `http://${host}`;
  front.options = { dnsServer: `http://${dns}/` };
  return front;
}

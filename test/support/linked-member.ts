import { resolveOptions } from '../../src/options.ts';
import type { ClientOptions } from '../../src/options.ts';
import { createDevice } from './client-device.ts';
import type { Device } from './client-device.ts';
import type { Member, World } from './client-world.ts';
import { createSlowLink } from './slow-link.ts';
import type { LinkRules, SlowLink } from './slow-link.ts';

/** A member whose network is the test's. */
export interface LinkedMember extends Member {
  /** In front of the socket host. */
  readonly link: SlowLink;
  /** In front of DNS. */
  readonly dnsLink: SlowLink;
  /** Another link is named by DNS from now on. */
  moveTo(link: SlowLink): void;
  /** When the session was lost, in ms since 1970. */
  readonly lostAt: number[];
  /** When it was there (again). The first one is that of the login. */
  readonly onlineAt: number[];
}

/** Logs a member in behind links, with the times that apps have: those of a world's other members are hasty. */
export async function linkedMember(
  world: World,
  name: string,
  options: ClientOptions & { rules?: LinkRules } = {},
  device: Device = createDevice(),
): Promise<LinkedMember> {
  const { rules, ...given } = options;
  const own = `127.0.0.1:${world.server.port}`;
  const link = await createSlowLink(own, rules);
  let named = link;
  const dns = await world.http((_request, response) => {
    const cluster = { ratel: [{ protocol: 'http', host: own }], webim: [{ protocol: 'http', host: named.host }] };
    const data = { app_status: 'normal', dns_list: [{ group_level: 0, clusters: [cluster] }] };
    response.end(JSON.stringify({ code: 200, data }));
  });
  const dnsLink = await createSlowLink(dns, rules);
  world.cleanup(async () => {
    await link.close();
    await dnsLink.close();
  });

  const { requestTimeoutMs, connectTimeoutMs, answerTimeoutMs, backoff } = resolveOptions({}, device.platform, false);
  const times = { requestTimeoutMs, connectTimeoutMs, answerTimeoutMs, backoff };
  await world.register(name);
  const lostAt: number[] = [];
  const onlineAt: number[] = [];
  const member = await world.member(name, { ...times, dnsServer: `http://${dnsLink.host}/`, ...given }, device);
  onlineAt.push(Date.now());
  member.client.on({
    disconnected: () => void lostAt.push(Date.now()),
    connected: () => void onlineAt.push(Date.now()),
  });
  return { ...member, link, dnsLink, moveTo: (other) => void (named = other), lostAt, onlineAt };
}

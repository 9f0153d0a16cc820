import type { DnsFault, DnsHosts } from '../faults.ts';
import { UNKNOWN_APP_ID } from '../model/dev-data.ts';
import { toJson } from './answer.ts';
import { openCall } from './call.ts';
import { PIXEL } from './file-rendering.ts';
import { jsonAnswer } from './request.ts';
import type { RestAnswer, RestRequest } from './request.ts';
import { RestError } from './rest-error.ts';
import type { RestServerDeps } from './rest-server.ts';

/** `GET /v2/app_dns?app_id=…`: the hosts of an app. */
export function answerDns({ rest, faults, options }: RestServerDeps, request: RestRequest): RestAnswer {
  const { app_id: appId } = request.query;
  if (typeof appId !== 'string' || !rest.data.isKnownApp(appId))
    throw new RestError(99998, appId === UNKNOWN_APP_ID ? undefined : 'none given');
  const hosts = options.dnsHosts ?? [new URL(rest.baseUrl()).host];
  return jsonAnswer(toJson({ data: dnsAnswer(hosts, faults.dns) }));
}

/** `GET /app/config`: switches of an app. */
export function answerConfig({ rest }: RestServerDeps, request: RestRequest): RestAnswer {
  openCall(rest, '', request, 'public');
  const data = { hide_member_info: false, message_forward_max_user_num: 20, message_forward_max_message_num: 100 };
  return jsonAnswer(toJson({ data }));
}

/** `GET /app/captcha/image?image_id=…&app_id=…`: the picture of a captcha, for an `<img>`. */
export function answerCaptchaImage({ rest, pictures }: RestServerDeps, request: RestRequest): RestAnswer {
  const { app, now } = openCall(rest, '', request, 'public');
  const { image_id: id } = request.query;
  const captcha = app.bindings.captchas.find(String(id ?? ''));
  if (!captcha || captcha.expiresAt <= now) throw new RestError(10002, 'image_id is unknown or expired');
  const headers = { 'content-type': 'image/png', 'cache-control': 'no-store' };
  return { status: 200, headers, body: pictures?.digits(captcha.value) ?? PIXEL };
}

/** The hosts of this server as every kind, after the hosts that tests put before them. */
function dnsAnswer(
  hosts: readonly string[],
  { extraHosts = [], clusters = [], app_status = 'normal', rtc }: DnsFault,
): object {
  const before: DnsHosts = Array.isArray(extraHosts) ? { ratel: extraHosts, webim: extraHosts } : extraHosts;
  const own = { ratel: [...(before.ratel ?? []), ...hosts], webim: [...(before.webim ?? []), ...hosts] };
  const mediaServers = rtc === 'absent' ? undefined : rtc === 'empty' ? [] : hosts;
  return {
    version: '1',
    app_status,
    account_verification: { type: 'enterprise', status: 'verified', name: 'flooim dev server' },
    dns_server_list: [],
    link_server_list: [],
    dns_list: [{ group_level: 0, clusters: [...clusters, own].map((cluster) => toCluster(mediaServers, cluster)) }],
  };
}

function toCluster(mediaServers: readonly string[] | undefined, { ratel = [], webim = [] }: DnsHosts): object {
  return {
    ratel: ratel.map((name) => ({ ...entry(name), ip_list: ['127.0.0.1'] })),
    webim: webim.map(entry),
    ...(mediaServers && { rtc: mediaServers.map(entry) }),
  };
}

function entry(host: string): { protocol: string; host: string } {
  return { protocol: 'http', host };
}

import type { DnsFault, DnsHosts } from '../faults.ts';

/** The answer of `/v2/app_dns`: this server for everything, behind what tests put before it. */
export function dnsAnswer(host: string, { extraHosts = [], clusters = [], app_status = 'normal' }: DnsFault): object {
  const before: DnsHosts = Array.isArray(extraHosts) ? { ratel: extraHosts, webim: extraHosts } : extraHosts;
  const own = { ratel: [...(before.ratel ?? []), host], webim: [...(before.webim ?? []), host] };
  return {
    version: '1',
    app_status,
    account_verification: { type: 'enterprise', status: 'verified', name: 'flooim dev server' },
    dns_server_list: [],
    link_server_list: [],
    dns_list: [{ group_level: 0, clusters: [...clusters, own].map((cluster) => toCluster(host, cluster)) }],
  };
}

function toCluster(host: string, { ratel = [], webim = [] }: DnsHosts): object {
  return {
    ratel: ratel.map((name) => ({ ...entry(name), ip_list: ['127.0.0.1'] })),
    webim: webim.map(entry),
    rtc: [entry(host)],
  };
}

function entry(host: string): { protocol: string; host: string } {
  return { protocol: 'http', host };
}

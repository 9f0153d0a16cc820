import type { CallPort } from '../call-port.ts';

/** What deployed clients ask for their own address. It passes nothing on: networks without UDP need a TURN server of the app. */
const DEFAULT_SERVERS: readonly RTCIceServer[] = [{ urls: 'stun:stun.maximtop.cn:3478' }];

/** Servers by which a call finds its way through networks. */
export interface IceOptions {
  /**
   * STUN and TURN servers, or a function that resolves with them, for credentials that expire: it is called
   * for each call, and each time a call looks for another way.
   * @default the STUN server of deployed clients
   */
  iceServers?: RTCIceServer[] | (() => Promise<RTCIceServer[]> | RTCIceServer[]);
  /**
   * `'relay'`: media goes by way of a TURN server only.
   * @default 'all'
   */
  iceTransportPolicy?: RTCIceTransportPolicy;
}

/**
 * The configuration of the connections of a call.
 *
 * @throws FlooError `ServerConnectFailed` when the app's function fails. Its words may have addresses or a credential in them.
 */
export async function resolveConfiguration(
  { iceServers, iceTransportPolicy }: IceOptions,
  port: Pick<CallPort, 'createError'>,
): Promise<RTCConfiguration> {
  let servers: RTCIceServer[] | undefined;
  try {
    servers = typeof iceServers === 'function' ? await iceServers() : iceServers;
  } catch {
    throw port.createError('ServerConnectFailed', 'the function iceServers failed');
  }
  return { iceServers: servers ?? [...DEFAULT_SERVERS], ...(iceTransportPolicy && { iceTransportPolicy }) };
}

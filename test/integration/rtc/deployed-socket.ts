/** The socket of a deployed client in a page: messages of calls and signals. Of this library it uses the codec of frames only. */
import { decodeFrame, encodeFrame, FrameCommand, MessageBodyContentType, MessageBodyType } from 'flooim/wire';
import { MessageOperationType, MetaNameSpace, RtcSignalType } from 'flooim/wire';
import type { IMessageBody, Meta, SyncDown, SyncUp, UpFrame } from 'flooim/wire';

const RTC_MESSAGE = MessageBodyContentType.RTC;
const APP_ID = 'welovemaxim';

export interface Account {
  /** URL of the server. */
  readonly url: string;
  readonly name: string;
  readonly password: string;
}

/** A message of a call, with its texts as they came. */
export interface RingMessage {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly content: string;
  readonly config: string;
  readonly ext: string;
}

export interface DeployedSocketListener {
  onMessage(message: RingMessage): void;
  onSignal(content: string): void;
}

export interface DeployedSocket {
  readonly uid: number;
  /** Sends a message of a call. It resolves when the server has it. */
  send(to: number, message: Partial<Pick<RingMessage, 'content' | 'config' | 'ext'>>): Promise<void>;
  /** Says to the sender of a message that it was read. */
  acknowledge(message: RingMessage): void;
  signal(content: string): void;
}

export async function openDeployedSocket(account: Account, listener: DeployedSocketListener): Promise<DeployedSocket> {
  const { url, name, password } = account;
  const answer = await fetch(`${url}/token/user`, {
    method: 'POST',
    headers: { app_id: APP_ID, 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
  const { user_id: uid, token } = ((await answer.json()) as { data: { user_id: number; token: string } }).data;
  const socket = new WebSocket(url.replace('http', 'ws'));
  socket.binaryType = 'arraybuffer';
  await new Promise((resolve) => (socket.onopen = resolve));

  let lastMid = Date.now();
  let deviceSN = 0;
  let isLoggedIn = (): void => undefined;
  const sending = new Map<string, () => void>();
  /** Ids of messages that have come: two notices fetch the same page. */
  const known = new Set<string>();
  const send = (frame: UpFrame): void => socket.send(new Uint8Array(encodeFrame(frame, 'up')));
  const sync = (payload: SyncUp): void => send({ command: FrameCommand.SYNC, payload });
  const sendMeta = (meta: Partial<Meta>): string => {
    const id = String(lastMid++);
    sync({ meta: { id, from: { uid: String(uid), deviceSN }, ...meta } });
    return id;
  };
  const handlePage = ({ metas, xid, next_key: key, client_mid: mid = '0' }: SyncDown): void => {
    sending.get(mid)?.();
    sending.delete(mid);
    for (const { id, ns, from, to, payload } of metas ?? []) {
      const { ctype, content = '', config = '', ext = '' } = payload as IMessageBody;
      if (ns === MetaNameSpace.RTC_SIGNAL) listener.onSignal(content);
      if (ns !== MetaNameSpace.MESSAGE || ctype !== RTC_MESSAGE || known.has(id!)) continue;
      known.add(id!);
      listener.onMessage({ id: id!, from: Number(from?.uid), to: Number(to?.uid), content, config, ext });
    }
    // The key says that everything before it has come.
    if (key !== undefined && key !== '0' && xid) sync({ xid, key });
  };
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>): void => {
    const { command, payload } = decodeFrame(new Uint8Array(data), 'down');
    if (command === FrameCommand.PROVISION) {
      deviceSN = payload!.xid?.deviceSN ?? 0;
      isLoggedIn();
    } else if (command === FrameCommand.NOTICE) sync({ xid: { uid: (payload as SyncDown).xid?.uid ?? '0' } });
    else if (command === FrameCommand.SYNC) handlePage(payload!);
  };
  const provision = { xid: { uid: String(uid), deviceSN: 999_999_999 }, token, device_guid: `${name} deployed` };
  const loggedIn = new Promise<void>((resolve) => (isLoggedIn = resolve));
  const payload = { ...provision, os_type: 6, sdk_vsn: '3.0.4', device_info: 'Web' };
  send({ command: FrameCommand.PROVISION, payload });
  await loggedIn;
  return {
    uid,
    send: async (to, fields) => {
      const body = { type: MessageBodyType.CHAT, ctype: RTC_MESSAGE, ...fields };
      const mid = sendMeta({ to: { uid: String(to) }, ns: MetaNameSpace.MESSAGE, payload: body });
      await new Promise<void>((resolve) => sending.set(mid, resolve));
    },
    acknowledge: ({ id, from }) => {
      const operation = { type: MessageOperationType.READ_ACK, mid: id };
      const body = { type: MessageBodyType.OPER, ctype: MessageBodyContentType.COMMAND, operation };
      sendMeta({ to: { uid: String(from) }, ns: MetaNameSpace.MESSAGE, payload: body });
    },
    signal: (content) => {
      const signal = { type: RtcSignalType.VIDEO_ROOM, content, media_server: url.replace('http', 'ws') };
      sendMeta({ ns: MetaNameSpace.RTC_SIGNAL, payload: signal });
    },
  };
}

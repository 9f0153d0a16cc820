/** Requests to Janus as deployed clients make them: two handles of one session, and one candidate in each trickle. */

type Json = Readonly<Record<string, unknown>>;

interface Signal {
  readonly janus: string;
  readonly transaction?: string;
  readonly sender?: number;
  readonly data?: { readonly id: number };
  readonly plugindata?: { readonly data: RoomData };
  readonly jsep?: RTCSessionDescriptionInit;
  readonly candidate?: RTCIceCandidateInit & { completed?: boolean };
}

interface Publisher {
  readonly id: number;
  readonly streams: readonly { readonly mid: string; readonly disabled?: boolean }[];
}

interface RoomData {
  readonly room?: number;
  readonly private_id?: number;
  readonly publishers?: readonly Publisher[];
  readonly leaving?: number | 'ok';
  readonly unpublished?: number | 'ok';
  readonly error_code?: number;
}

/** A handle, and its peer connection. */
interface Handle {
  readonly id: number;
  readonly connection: RTCPeerConnection;
  isUp: boolean;
  held: RTCIceCandidateInit[];
}

export interface DeployedRoomListener {
  /** Somebody else publishes. */
  onFeed(feed: number): void;
  onFeedGone(feed: number): void;
  /** Media flows in both directions. */
  onThrough(): void;
  onError(code: number): void;
}

export interface DeployedRoom {
  readonly connections: readonly RTCPeerConnection[];
  /** Makes the session and the first handle. @param both - and the second one */
  open(both: boolean): Promise<void>;
  /** @returns the room's number */
  create(body: Json): Promise<number>;
  /** Joins, sends camera and microphone, and subscribes to what is there and what comes. */
  join(body: { readonly room: number; readonly pin: string; readonly id?: number }, video: boolean): Promise<void>;
  handleSignal(content: string): void;
  /** Does not send pictures, or does again. They are black meanwhile. */
  setPicture(isOn: boolean): void;
  /** Leaves, and ends the session. The room stays. */
  close(): void;
}

export function createDeployedRoom(say: (content: string) => void, listener: DeployedRoomListener): DeployedRoom {
  const waiting = new Map<string, (signal: Signal) => void>();
  const handles: Handle[] = [];
  const feeds = new Set<number>();
  let session: number | undefined;
  let room = 0;
  let pin = '';
  let privateId: number | undefined;
  let stream: MediaStream | undefined;
  let isThrough = false;
  let keepAlive: ReturnType<typeof setInterval> | undefined;

  const send = (request: object): string => {
    const transaction = Math.random().toString(36).slice(2);
    say(JSON.stringify({ ...request, transaction, ...(session !== undefined && { session_id: session }) }));
    return transaction;
  };
  const ask = async (request: object): Promise<Signal> => {
    const transaction = send(request);
    return new Promise((resolve) => waiting.set(transaction, resolve));
  };
  const message = async ({ id }: Handle, body: object, jsep?: RTCSessionDescriptionInit): Promise<Signal> => {
    const answer = await ask({ janus: 'message', handle_id: id, body, ...(jsep && { jsep }) });
    const code = answer.plugindata?.data.error_code;
    if (code !== undefined) listener.onError(code);
    return answer;
  };

  const attach = async (): Promise<Handle> => {
    const { data } = await ask({ janus: 'attach', plugin: 'janus.plugin.videoroom' });
    const { id } = data!;
    const connection = new RTCPeerConnection({ iceServers: [] });
    connection.onicecandidate = ({ candidate }) =>
      send({ janus: 'trickle', handle_id: id, candidate: candidate ?? { completed: true } });
    const handle: Handle = { id, connection, isUp: false, held: [] };
    handles.push(handle);
    return handle;
  };
  const takeRemote = async ({ connection, held }: Handle, jsep: RTCSessionDescriptionInit): Promise<void> => {
    await connection.setRemoteDescription(jsep);
    for (const candidate of held.splice(0)) await connection.addIceCandidate(candidate);
  };

  const publish = async (handle: Handle, video: boolean): Promise<void> => {
    const { connection } = handle;
    const wanted = { audio: true, video: video && { width: 360, height: 640 } };
    // Without devices it only writes to its log, and stays in the room.
    stream = await navigator.mediaDevices.getUserMedia(wanted).catch(() => undefined);
    if (!stream) return;
    for (const track of stream.getTracks()) connection.addTransceiver(track, { direction: 'sendonly' });
    const offer = await connection.createOffer();
    await connection.setLocalDescription(offer);
    const body = { request: 'configure', audio: true, video, width: 360, height: 640 };
    await takeRemote(handle, (await message(handle, body, offer)).jsep!);
  };
  const subscribe = async ({ id: feed, streams }: Publisher): Promise<void> => {
    if (feeds.has(feed)) return;
    feeds.add(feed);
    listener.onFeed(feed);
    const handle = handles[1] ?? (await attach());
    const { connection } = handle;
    const sources = streams.filter(({ disabled }) => !disabled).map(({ mid }) => ({ feed, mid }));
    const body = { request: 'join', room, ptype: 'subscriber', streams: sources, private_id: privateId, pin };
    await takeRemote(handle, (await message(handle, body)).jsep!);
    await connection.setLocalDescription(await connection.createAnswer());
    await message(handle, { request: 'start', room }, connection.localDescription!);
  };
  const handleRoom = ({ publishers = [], leaving, unpublished }: RoomData): void => {
    for (const publisher of publishers) void subscribe(publisher);
    for (const feed of [leaving, unpublished])
      if (typeof feed === 'number' && feeds.delete(feed)) listener.onFeedGone(feed);
  };

  const handleEvent = ({ janus, sender, plugindata, candidate }: Signal): void => {
    const handle = handles.find(({ id }) => id === sender);
    if (!handle) return;
    if (janus === 'webrtcup') {
      handle.isUp = true;
      if (isThrough || !handles[0]?.isUp || !handles[1]?.isUp) return;
      isThrough = true;
      listener.onThrough();
    }
    if (janus === 'event' && plugindata) handleRoom(plugindata.data);
    if (janus !== 'trickle' || !candidate || candidate.completed) return;
    if (handle.connection.remoteDescription) void handle.connection.addIceCandidate(candidate);
    else handle.held.push(candidate);
  };

  return {
    get connections() {
      return handles.map(({ connection }) => connection);
    },
    open: async (both) => {
      session = (await ask({ janus: 'create' })).data!.id;
      keepAlive = setInterval(() => send({ janus: 'keepalive' }), 25_000);
      await attach();
      if (both) await attach();
    },
    create: async (body) => (await message(handles[0]!, { request: 'create', ...body })).plugindata!.data.room!,
    join: async (body, video) => {
      ({ room, pin } = body);
      const joined = (await message(handles[0]!, { request: 'join', ptype: 'publisher', ...body })).plugindata!.data;
      privateId = joined.private_id;
      handleRoom(joined);
      await publish(handles[0]!, video);
    },
    handleSignal: (content) => {
      const signal = JSON.parse(content) as Signal;
      const { janus, transaction = '' } = signal;
      const resolve = waiting.get(transaction);
      if (janus === 'ack') return;
      if (!resolve) return handleEvent(signal);
      waiting.delete(transaction);
      resolve(signal);
    },
    setPicture: (isOn) => stream?.getVideoTracks().forEach((track) => (track.enabled = isOn)),
    close: () => {
      if (session === undefined) return;
      clearInterval(keepAlive);
      send({ janus: 'message', handle_id: handles[0]!.id, body: { request: 'leave' } });
      send({ janus: 'destroy' });
      session = undefined;
      stream?.getTracks().forEach((track) => track.stop());
      for (const { connection } of handles) {
        connection.onicecandidate = null;
        connection.close();
      }
    },
  };
}

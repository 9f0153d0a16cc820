/** What runs in the page of a peer: a deployed client, for the test to drive. */
import { DeployedPeer } from './deployed-peer.ts';
import type { DeployedKind } from './deployed-peer.ts';
import type { Account } from './deployed-socket.ts';

let peer: DeployedPeer;

const page = {
  async login(kind: DeployedKind, account: Account): Promise<string> {
    peer = new DeployedPeer(kind);
    return String(await peer.login(account));
  },
  call: async (uid: string, video: boolean): Promise<void> => peer.call(Number(uid), video),
  accept: async (): Promise<void> => peer.accept(),
  decline: async (): Promise<void> => peer.decline(),
  hangUp: async (): Promise<void> => peer.hangUp(),
  setCamera: async (isOn: boolean): Promise<void> => peer.setCamera(isOn),
  vanish: (): void => peer.vanish(),
  hold: (): void => peer.hold(),
  release: (): void => peer.release(),
  view: () => ({ state: peer.state, isInCall: peer.isInCall, heard: [...peer.heard] }),
  /** Contents of the records in the list of a user. */
  records: (uid: string): string[] =>
    peer.records.filter((record) => record.peer === Number(uid)).map(({ content }) => content),
  /** What has come so far in this call. */
  async countIncoming(): Promise<{ frames: number; width: number; audioPackets: number }> {
    const incoming = { frames: 0, width: 0, audioPackets: 0 };
    for (const connection of peer.connections)
      (await connection.getStats()).forEach((report: Record<string, unknown>) => {
        if (report['type'] !== 'inbound-rtp') return;
        incoming.frames += Number(report['framesDecoded'] ?? 0);
        incoming.width = Math.max(incoming.width, Number(report['frameWidth'] ?? 0));
        if (report['kind'] === 'audio') incoming.audioPackets += Number(report['packetsReceived']);
      });
    return incoming;
  },
};

declare global {
  interface Window {
    peerPage: typeof page;
  }
}

window.peerPage = page;

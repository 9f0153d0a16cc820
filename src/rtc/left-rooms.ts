import type { CallPort } from '../call-port.ts';
import type { CallRoom } from './call-media.ts';
import { janusCode } from './janus-errors.ts';
import { JanusSession } from './janus-session.ts';
import type { HandleListener } from './janus-session.ts';
import { destroyRequest } from './room.ts';

/** The rooms of this client that could not be destroyed when their calls ended. Janus would keep them until it restarts. */
export class LeftRooms {
  private readonly port: CallPort;
  private readonly rooms = new Set<CallRoom>();
  private session: JanusSession | undefined;

  constructor(port: CallPort) {
    this.port = port;
  }

  add(room: CallRoom): void {
    this.rooms.add(room);
    void this.destroyAll();
  }

  handleOnline(isOnline: boolean): void {
    if (isOnline) void this.destroyAll();
  }

  handleSignal(content: string): void {
    this.session?.handle(content);
  }

  private async destroyAll(): Promise<void> {
    const { port, rooms } = this;
    const mediaServer = port.mediaServer();
    if (this.session || rooms.size === 0 || mediaServer === undefined) return;
    const session = new JanusSession(port, mediaServer, nothing);
    this.session = session;
    try {
      await session.create();
      const handle = await session.attach(NOBODY);
      for (const room of rooms) {
        await session.message(handle, destroyRequest(room)).catch(mustBeAnswer);
        rooms.delete(room);
      }
    } catch {
      // Janus was not reached: the next time the client is online.
    }
    this.session = undefined;
    await session.destroy().catch(nothing);
  }
}

const nothing = (): undefined => undefined;

const NOBODY: HandleListener = { onEvent: nothing, onCandidate: nothing, onUp: nothing };

/** A room that Janus does not destroy is one that it does not have. */
function mustBeAnswer(error: unknown): void {
  if (janusCode(error) === undefined) throw error;
}

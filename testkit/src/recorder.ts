import { decodeFrame } from 'flooim/wire';
import { withoutSecrets } from './recording.ts';
import type { RecordedEvent, Recording } from './recording.ts';
import type { SocketWitness, Witness } from './witness.ts';

/** A recording that is under way. */
export interface TestRecorder {
  /**
   * Ends it.
   *
   * @returns what was recorded, as plain data
   */
  stop(): Recording;
}

/** Sees what all devices send and get, and records it while somebody wants it. */
export class Recorder {
  #devices: Map<string, RecordedEvent[]> | undefined;
  readonly #sockets = new Map<string, number>();

  /** @throws Error when a recording is under way */
  start(about: Pick<Recording, 'appId' | 'seed' | 'startedAt'>): TestRecorder {
    if (this.#devices) throw new Error('a recording is under way: stop it first');
    const devices = new Map<string, RecordedEvent[]>();
    this.#devices = devices;
    this.#sockets.clear();
    return {
      stop: () => {
        this.#devices = undefined;
        return { version: 1, ...about, devices: Object.fromEntries(devices) };
      },
    };
  }

  /** @param device - its name */
  witness(device: string): Witness {
    return {
      socket: () => this.#socket(device),
      request: ({ path, body, answer, ...seen }) =>
        this.#add(device, {
          kind: 'rest',
          ...seen,
          path: withoutSecrets(path),
          ...(body !== undefined && { body: withoutSecrets(body) }),
          answer: withoutSecrets(answer),
        }),
    };
  }

  #socket(device: string): SocketWitness {
    let socket = 0;
    return {
      open: () => {
        socket = this.#sockets.get(device) ?? 0;
        this.#sockets.set(device, socket + 1);
        this.#add(device, { kind: 'open', socket });
      },
      up: (bytes) => {
        if (this.#devices) this.#add(device, { kind: 'up', socket, frame: plain(decodeFrame(bytes, 'up')) });
      },
      down: (bytes) => {
        if (this.#devices) this.#add(device, { kind: 'down', socket, frame: plain(decodeFrame(bytes, 'down')) });
      },
      close: () => this.#add(device, { kind: 'close', socket }),
    };
  }

  #add(device: string, event: RecordedEvent): void {
    if (!this.#devices) return;
    const events = this.#devices.get(device) ?? [];
    events.push(event);
    this.#devices.set(device, events);
  }
}

/** A frame as plain data, without secrets: what was decoded has classes of its own. */
const plain = <Frame>(frame: Frame): Frame => JSON.parse(withoutSecrets(JSON.stringify(frame))) as Frame;

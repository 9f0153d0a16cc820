import type { ServerCore } from '../../devserver/src/server-core.ts';
import { HOST } from './client-options.ts';
import type { DrivenClock } from './clock.ts';
import { createTestDevice } from './device.ts';
import type { DeviceNetwork, DeviceParts } from './device.ts';
import type { Line } from './line.ts';
import { createMemoryFiles } from './memory-files.ts';
import { createMemoryHttp } from './memory-http.ts';
import type { MemoryHttp } from './memory-http.ts';
import type { DeviceStorage } from './memory-kv.ts';
import { createMemorySockets } from './memory-sockets.ts';
import type { MemorySockets } from './memory-sockets.ts';
import { createNetwork } from './network.ts';
import type { Network } from './network.ts';
import type { Recorder } from './recorder.ts';

interface Deps {
  readonly core: ServerCore;
  readonly clock: DrivenClock;
  readonly line: Line;
  readonly seed: number;
  readonly recorder: Recorder;
}

/** The devices of a test by their names, and their ways to the server. */
export class Devices {
  readonly #deps: Deps;
  readonly #byName = new Map<string, DeviceParts>();
  readonly #ways: (Pick<MemorySockets, 'dropHeld'> & Pick<MemoryHttp, 'dropHanging'>)[] = [];

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The device of this name; a new one at the first call. */
  open(name: string): DeviceParts {
    const { clock, seed, line } = this.#deps;
    let parts = this.#byName.get(name);
    if (!parts) {
      const openNetwork = (isOnline: () => boolean): DeviceNetwork => this.network(name, isOnline);
      parts = createTestDevice({ name, clock, seed, traffic: line.traffic, openNetwork });
      this.#byName.set(name, parts);
    }
    return parts;
  }

  /** @throws Error when there is none of this name */
  must(name: string): DeviceParts {
    const parts = this.#byName.get(name);
    if (parts) return parts;
    const names = [...this.#byName.keys()].join(', ');
    throw new Error(
      `no device ${JSON.stringify(name)}; ${names === '' ? 'no client was made yet' : `there are ${names}`}`,
    );
  }

  storages(): DeviceStorage[] {
    return [...this.#byName.values()].map(({ storage }) => storage);
  }

  dropHeld(): void {
    for (const way of this.#ways) way.dropHeld();
  }

  dropHanging(): void {
    for (const way of this.#ways) way.dropHanging();
  }

  /** The ways of a device to the server. */
  network(name: string, isOnline: () => boolean = () => true): Required<DeviceNetwork> {
    const { core, line, recorder } = this.#deps;
    const { rest, faults, xsync } = core;
    const witness = recorder.witness(name);
    let current = createNetwork(line.clock);
    const network = (): Network => current;
    const sockets = createMemorySockets({
      ...{ line, host: HOST, network, isOnline, witness },
      isStalled: () => faults.stallNew,
      accept: (channel) => xsync.open(channel),
      duplicateNext: () => faults.duplicatePages(1),
    });
    const http = createMemoryHttp({ line, host: HOST, rest, network, isOnline, witness });
    const files = createMemoryFiles({ line, rest, http, faults, network });
    this.#ways.push({ dropHeld: sockets.dropHeld, dropHanging: http.dropHanging });
    return {
      ...{ sockets: sockets.open, http: http.request, files, cutAll: sockets.cutAll },
      setQuality: (quality) => void (current.quality = quality),
      replace() {
        const { quality } = current;
        current.quality = { ...quality, silent: 'both' };
        current = createNetwork(line.clock);
        current.quality = quality;
      },
    };
  }
}

import type {
  FileTransfer,
  HttpClient,
  LifecycleEvent,
  Platform,
  Preferences,
  SocketFactory,
  Vault,
} from '../../src/platform/ports.ts';
import { createClientSlots } from '../../src/util/client-slots.ts';
import type { DrivenClock } from './clock.ts';
import { createDeviceStorage } from './memory-kv.ts';
import type { DeviceStorage } from './memory-kv.ts';
import { createMemoryTabs } from './memory-tabs.ts';
import type { NetworkQuality } from './network.ts';
import { createSeededRandom, seedOf } from './seeded-random.ts';
import type { Traffic } from './traffic.ts';

/** A device with its storage, under the control of a test. */
export interface TestDevice {
  /** The network is gone: sockets are cut, requests fail, and the clients get the event of it. */
  goOffline(): void;
  /** The network is there again. */
  goOnline(): void;
  /**
   * Makes the network of the device slow, thin or silent.
   *
   * @param quality - how good it is; `{}` for a good one
   * @example
   * import { createTestServer } from 'flooim/testing';
   *
   * const server = createTestServer();
   * server.clientOptions({ device: 'phone' });
   * server.device('phone').setNetwork({ latencyMs: 400, bytesPerSecond: 8000 });
   * server.device('phone').setNetwork({ silent: 'down' }); // sockets look open, and nothing arrives
   */
  setNetwork(quality: NetworkQuality): void;
  /**
   * The device has another network, as a phone that leaves its WLAN. Sockets of before look open, and nothing gets through on
   * them; new ones work. The clients get the event of it.
   */
  changeNetwork(): void;
  /** The page or app leaves the foreground. */
  hide(): void;
  /** The page or app comes to the foreground. */
  show(): void;
  /** Nothing of the page runs from now on. It comes after {@link TestDevice.hide}. */
  freeze(): void;
  /** The page runs again after {@link TestDevice.freeze}. */
  resume(): void;
  /** Removes everything that is stored on the device, as a new installation does. */
  wipe(): void;
}

/** The ways of a device to the server. */
export interface DeviceNetwork {
  readonly sockets: SocketFactory;
  readonly http: HttpClient;
  /** Absent: the platform's own. */
  readonly files?: FileTransfer;
  cutAll(): void;
  /** How good the network is from now on. */
  setQuality(quality: NetworkQuality): void;
  /** Another network takes its place, without a word to what is open. */
  replace(): void;
}

interface DeviceSetup {
  readonly name: string;
  readonly clock: DrivenClock;
  readonly seed: number;
  readonly traffic: Traffic;
  openNetwork(isOnline: () => boolean): DeviceNetwork;
}

/** The parts of a platform that are in memory. The logger, and how pictures are looked into, are those of the real one. */
export type TestPlatform = Omit<Platform, 'media' | 'estimateStorage' | 'logger' | 'files'> & { files?: FileTransfer };

/** The parts of a device that only the kit uses. */
export interface DeviceParts {
  readonly device: TestDevice;
  readonly storage: DeviceStorage;
  platform(tab: string): TestPlatform;
}

interface Installation {
  shared: Map<string, string>;
  tabs: Map<string, Map<string, string>>;
  vault: Map<string, string>;
}

const newInstallation = (): Installation => ({ shared: new Map(), tabs: new Map(), vault: new Map() });

export function createTestDevice({ name, clock, seed, traffic, openNetwork }: DeviceSetup): DeviceParts {
  let isOnline = true;
  let installed = newInstallation();
  const storage = createDeviceStorage(traffic);
  const listeners = new Set<(event: LifecycleEvent) => void>();
  const tabs = createMemoryTabs();
  const network = openNetwork(() => isOnline);
  const slots = new Map<string, ReturnType<typeof createClientSlots>>();
  const emit = (event: LifecycleEvent): void => {
    traffic.note();
    for (const listener of [...listeners]) listener(event);
  };

  const preferencesOf = (tab: string): Preferences => {
    const own = (): Map<string, string> => {
      const values = installed.tabs.get(tab) ?? new Map<string, string>();
      installed.tabs.set(tab, values);
      return values;
    };
    return {
      get: (key) => own().get(key) ?? installed.shared.get(key),
      getOwn: (key) => own().get(key),
      set: (key, value) => [own(), installed.shared].forEach((values) => values.set(key, value)),
      remove: (key) => [own(), installed.shared].forEach((values) => values.delete(key)),
    };
  };
  const vault: Vault = {
    async update(key, change) {
      const before = installed.vault.get(key);
      const after = change(before);
      if (after === undefined) installed.vault.delete(key);
      else installed.vault.set(key, after);
      return after;
    },
  };
  const device: TestDevice = {
    goOffline() {
      isOnline = false;
      network.cutAll();
      emit('offline');
    },
    goOnline() {
      isOnline = true;
      emit('online');
    },
    setNetwork: (quality) => network.setQuality(quality),
    changeNetwork() {
      network.replace();
      emit('online');
    },
    hide: () => emit('hide'),
    show: () => emit('show'),
    freeze: () => emit('freeze'),
    resume: () => emit('resume'),
    wipe() {
      installed = newInstallation();
      storage.wipe();
    },
  };
  return {
    device,
    storage,
    platform(tab) {
      const { sockets, http, files } = network;
      const ofTab = slots.get(tab) ?? createClientSlots(new Map());
      slots.set(tab, ofTab);
      return {
        ...{ sockets, http, kv: storage, tabs, clock, slots: ofTab, vault },
        ...(files && { files }),
        preferences: preferencesOf(tab),
        random: createSeededRandom(seedOf(seed, `${name} ${tab}`)),
        lifecycle: {
          subscribe(listener) {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
        },
        // A test page over https has no secrets to protect from a network.
        requiresTls: false,
        transport: 'raw',
        deviceInfo: 'Web',
      };
    },
  };
}

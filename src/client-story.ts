import type { AccountSession } from './account/account-session.ts';
import type { Hosts } from './bootstrap/hosts.ts';
import { createChronicle } from './chronicle/chronicle.ts';
import type { Chronicle } from './chronicle/chronicle.ts';
import type { Explanation, StorageExplanation } from './chronicle/explanation.ts';
import type { StepCode } from './chronicle/step.ts';
import type { ClientEvents } from './client-events.ts';
import type { FlooError } from './errors.ts';
import type { ResolvedOptions } from './options.ts';
import type { Platform } from './platform/ports.ts';
import { StatusLine } from './public-events/connection-status.ts';
import type { StatusFacts } from './public-events/connection-status.ts';
import type { Connection } from './session/connection.ts';
import { SCHEMA_VERSION } from './store/schema.ts';
import type { UserData } from './user-data.ts';
import type { Emitter } from './util/emitter.ts';
import { hostOf } from './util/portal.ts';
import { VERSION } from './util/version.ts';

interface StoryParts {
  /** Of all tabs. */
  userData: Pick<UserData, 'connection'>;
  /** Of this tab. */
  connection: Connection;
  hosts: Hosts;
  session: AccountSession;
}

interface StoryDeps {
  platform: Pick<Platform, 'clock' | 'estimateStorage'>;
  options: Pick<ResolvedOptions, 'transport'>;
  /** The rooms of the client, when they are built. */
  parts(): StoryParts;
  emitter: Emitter<ClientEvents>;
}

/** What a client says about itself. */
export interface ClientStory {
  /** What happened in this tab. */
  readonly chronicle: Chronicle;
  /** Something that came could not be read. */
  noteProblem(error: FlooError): void;
  /** The connection or the login changed. */
  update(): void;
  /** What happened lately, what is now, and what waits. Plain data, which may be sent to another tab. */
  explain(): Promise<Explanation>;
  /** Emits nothing more. */
  close(): void;
}

/** Steps after which the state of the connection may be another one, though the connection itself is in the same state. */
const STATUS_STEPS: readonly StepCode[] = ['online', 'offline', 'portal'];

const NOTHING_OPEN: StorageExplanation = {
  kept: 'none',
  records: { conversations: 0, messages: 0, users: 0, groups: 0, outbox: 0 },
};

export function createStory({ platform, options, emitter, parts }: StoryDeps): ClientStory {
  const { clock } = platform;
  const chronicle = createChronicle(clock, (code) => {
    if (STATUS_STEPS.includes(code)) status.update();
  });
  const status = new StatusLine({
    clock,
    facts: () => factsOf(parts()),
    emit: (next) => emitter.emit('connectionState', next),
  });
  // A stored session is being opened.
  status.update();
  return {
    chronicle,
    noteProblem: ({ reason, details }) => {
      const skipped = details?.['skipped'];
      if (Array.isArray(skipped)) chronicle.write('pageDamaged', { items: skipped.length });
      else chronicle.write('frameUnreadable', { reason });
    },
    update: () => status.update(),
    close: () => status.close(),
    explain: async () => {
      // It is only for information: a browser that refuses it says nothing.
      const estimate = await platform.estimateStorage?.().catch(() => undefined);
      const { hosts, session } = parts();
      // A tab that follows asks the one that leads, which may be closing.
      const account = await session.account?.explain().catch(() => undefined);
      const { waiting = [], storage = NOTHING_OPEN, steps = chronicle.steps(), clockSkewMs } = account ?? {};
      return {
        at: clock.now(),
        state: status.current,
        steps,
        waiting,
        ...(clockSkewMs !== undefined && { clockSkewMs }),
        storage: { ...storage, ...estimate },
        hosts: hostsInUse(hosts),
        versions: { sdk: VERSION, database: SCHEMA_VERSION, transport: options.transport },
      };
    },
  };
}

const factsOf = ({ userData, connection, hosts, session }: StoryParts): StatusFacts => ({
  connection: userData.connection.state,
  isOffline: connection.device.isOffline,
  isPortal: hosts.isPortal,
  isLoggedIn: session.isLoggedIn,
  isLoggingIn: session.isLoggingIn,
});

function hostsInUse(hosts: Hosts): Explanation['hosts'] {
  const [rest, socket] = [hosts.current('ratel'), hosts.current('fireplace')];
  return {
    ...(rest !== undefined && { rest: hostOf(rest) }),
    ...(socket !== undefined && { socket: hostOf(socket) }),
  };
}

import { expect } from 'vitest';
import type { Account } from '../../../src/account/account.ts';
import type { ClientEvents } from '../../../src/client-events.ts';
import type { Endpoint, RestParams } from '../../../src/http/endpoints.ts';
import type { RestClient } from '../../../src/http/rest-client.ts';
import type { AppSource } from '../../../src/managers/app-source.ts';
import { createGroupManage } from '../../../src/managers/group-manage.ts';
import { createRosterManage } from '../../../src/managers/roster-manage.ts';
import { createSysManage } from '../../../src/managers/sys-manage.ts';
import { createUserManage } from '../../../src/managers/user-manage.ts';
import type { NamedGroupMember } from '../../../src/model/group.ts';
import type { KvProvider } from '../../../src/platform/ports.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { ColdConversations } from '../../../src/sync/cold-conversations.ts';
import { ConversationCommands } from '../../../src/sync/conversation-commands.ts';
import { DetailCommands } from '../../../src/sync/detail-commands.ts';
import { ServerTime } from '../../../src/sync/server-time.ts';
import { Emitter } from '../../../src/util/emitter.ts';
import { blobFiles } from '../../support/blob-files.ts';
import { fake } from '../../support/fakes.ts';
import { openTestStore, SELF } from '../sync/harness.ts';

interface Setup {
  loggedIn?: boolean;
  provider?: KvProvider;
  /** The data of every REST answer. */
  data?: unknown;
  members?: { user_id: number }[];
}

export async function createManagers({
  loggedIn = true,
  provider,
  data = { user_id: 7, group_id: 8 },
  members = [],
}: Setup = {}) {
  const opened = await openTestStore(provider);
  /** The calls of the managers to sync, the directory and REST. */
  const calls: unknown[][] = [];
  const note =
    <R>(name: string, result: R) =>
    (...args: unknown[]): R => {
      calls.push([name, ...args]);
      return result;
    };
  const emitter = new Emitter<ClientEvents>({ bySourceText: false, onHandlerError: expect.unreachable });
  const commandDeps = {
    ...fake<Omit<ConstructorParameters<typeof ConversationCommands>[0], 'store' | 'time'>>({
      outbox: { push: () => undefined },
      emitHere: (events) => {
        for (const { type } of events) {
          if (type === 'list') emitter.emit('recentlistUpdate', undefined);
          if (type === 'friends') emitter.emit('onRosterListUpdate', undefined);
        }
      },
    }),
    store: opened.store,
    time: new ServerTime(systemClock),
  };
  const conversations = new ConversationCommands(commandDeps);
  const account = fake<Account>({
    uid: SELF,
    isOpen: true,
    device: { names: { guid: `${SELF}_1`, serial: 2 } },
    store: opened.store,
    sync: {
      commands: {
        send: note('send', '1700000000000'),
        markRead: note('markRead', Promise.resolve()),
      },
      conversations,
      details: new DetailCommands(commandDeps),
      cold: new ColdConversations({ store: opened.store, clock: systemClock, emit: () => undefined }),
      sendTyping: note('sendTyping', '1700000000001'),
      requestHistory: note('requestHistory', undefined),
    },
    directory: {
      refreshFriends: note('refreshFriends', Promise.resolve(['1', '2'])),
      refreshGroups: note('refreshGroups', Promise.resolve(['50'])),
      fetchUsers: note('fetchUsers', Promise.resolve(true)),
      fetchGroups: note('fetchGroups', Promise.resolve(true)),
    },
    members: {
      of: () => members.map((member) => fake<NamedGroupMember>(member)),
      open: note('open', Promise.resolve(['5', '6'])),
    },
  });
  const current = (): Account | undefined => (loggedIn ? account : undefined);
  const accounts = { current, resumed: async () => current() };
  const rest = {
    async call(endpoint: Endpoint, params?: RestParams) {
      calls.push([endpoint.path, params]);
      return { data };
    },
  } as RestClient;
  const heard: unknown[][] = [];
  for (const event of ['recentlistUpdate', 'onRosterListUpdate', 'onGroupMemberChanged'] as const)
    emitter.on(event, (payload: unknown) => heard.push([event, payload]));
  const app = fake<AppSource>({
    options: { appId: 'app' },
    identities: {
      load: () => (loggedIn ? { uid: SELF, token: 'TOKEN' } : undefined),
      forgetToken: note('forgetToken', Promise.resolve()),
    },
  });
  const refused = (): never => expect.unreachable();
  return {
    ...opened,
    calls,
    heard,
    sys: createSysManage({
      accounts,
      rest,
      app: () => app,
      clock: systemClock,
      visit: refused,
      sendFrame: note('frame', undefined),
      files: blobFiles,
      upload: refused,
      download: refused,
      onCallbackError: refused,
    }),
    roster: createRosterManage({ accounts, rest, emitter }),
    group: createGroupManage({ accounts, rest, emitter }),
    user: createUserManage({ accounts, rest, emitter, app: () => app }),
  };
}

/** The reason of the error that `run` throws. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as { reason: string }).reason;
  }
  return 'nothing thrown';
}

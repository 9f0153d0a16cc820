import type { Account } from './account/account.ts';
import type { CallMessage, CallPort, CallsEngine, CallsPlugin, SentCallMessage } from './call-port.ts';
import { FlooError } from './errors.ts';
import { idNumber, parseId } from './model/ids.ts';
import type { Id } from './model/ids.ts';
import { toOwnMessage } from './model/message.ts';
import type { Message } from './model/message.ts';
import type { Clock, Logger, Tabs } from './platform/ports.ts';
import { conversationKey } from './store/schema.ts';
import type { SyncEvent } from './sync/sync-events.ts';
import { parseLosslessJson } from './util/lossless-json.ts';

interface CallLinkDeps {
  clock: Clock;
  logger: Logger;
  tabs: Tabs | undefined;
  appId: string;
  /** The account of the user who is logged in. */
  account(): Account | undefined;
  isOnline(): boolean;
  mediaServer(): string | undefined;
  onProblem(error: FlooError): void;
}

/** Joins the calls with the client. The calls are another bundle, so everything that they use of this one is passed to them. */
export interface CallLink {
  readonly engine: CallsEngine<unknown>;
  /** What a commit of sync changed. */
  handleEvents(events: readonly SyncEvent[], account: Account): void;
  /** The connection or the login may have changed. */
  update(): void;
  close(): void;
}

interface Awaited {
  resolve(message: Message): void;
  reject(error: FlooError): void;
}

export function createCallLink(plugin: CallsPlugin<unknown>, deps: CallLinkDeps): CallLink {
  /** Messages that the server has not answered, by their client mids. */
  const sending = new Map<Id, Awaited>();
  const engine = plugin.create(createPort(deps, sending));
  let self: Id | undefined;
  let isOnline = false;
  return {
    engine,
    handleEvents: (events, account) => {
      for (const event of events) {
        if (event.type === 'signal') engine.handleSignal(event.content);
        else if (event.type === 'message' && event.message.type === 'rtc' && event.message.toType === 'roster')
          engine.handleMessage({ ...toOwnMessage(event.message, account.uid), arrival: event.arrival });
        else if (event.type === 'sent') sending.get(event.mid)?.resolve(toOwnMessage(event.message, account.uid));
        else if (event.type === 'failed') sending.get(event.mid)?.reject(event.error);
        if (event.type === 'sent' || event.type === 'failed') sending.delete(event.mid);
      }
    },
    update: () => {
      const user = deps.account()?.uid;
      if (user !== self) {
        if (self !== undefined) engine.handleSessionEnd();
        self = user;
      }
      if (deps.isOnline() === isOnline) return;
      isOnline = !isOnline;
      engine.handleOnline(isOnline);
    },
    close: () => engine.dispose(),
  };
}

function createPort(deps: CallLinkDeps, sending: Map<Id, Awaited>): CallPort {
  const { clock, logger, tabs, appId, account, mediaServer, onProblem } = deps;
  const mustAccount = (): Account => {
    const open = account();
    if (!open) throw new FlooError('UserNotLogin', 'nobody is logged in');
    return open;
  };
  const nameOfUser = (name: string): string => `flooim.${appId}.${mustAccount().uid} ${name}`;
  return {
    clock,
    logger,
    serverNow: () => account()?.sync.serverNow() ?? clock.now(),
    self: () => account()?.uid,
    mediaServer,
    sendSignal: async (content, server) => mustAccount().sync.sendSignal({ content, mediaServer: server }),
    sendMessage: (to, message) => sendCallMessage(mustAccount(), to, message, sending),
    flush: () => {
      for (const mid of sending.keys()) account()?.sync.hurry(mid);
    },
    parseJson: parseLosslessJson,
    parseId,
    createError: (reason, message, options) => new FlooError(reason, message, options),
    reportError: onProblem,
    openChannel: (onMessage) => tabs?.open(nameOfUser('calls'), onMessage),
    lock: (name, how) => tabs?.lock(nameOfUser(name), how),
  };
}

function sendCallMessage(
  { sync: { commands } }: Account,
  to: Id,
  { content, config, ext }: CallMessage,
  sending: Map<Id, Awaited>,
): SentCallMessage {
  const mid = commands.send(conversationKey('roster', to), {
    content,
    type: 'rtc',
    ...(config && { config: JSON.stringify(config) }),
    ...(ext && { ext: JSON.stringify(ext) }),
  });
  const acknowledged = new Promise<Message>((resolve, reject) => sending.set(mid, { resolve, reject }));
  // Most messages of a call are sent and not waited for. One that fails is in `onSendingMessageStatusChanged`, too.
  acknowledged.catch(() => undefined);
  return { mid: idNumber(mid), acknowledged };
}

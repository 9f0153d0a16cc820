import type { ClientEvents } from '../../src/client-events.ts';
import type { EventName, FlooClient } from '../../src/floo-client.ts';

/** Every event. A missing or an unknown name does not compile. */
export const NAMES = Object.keys({
  loginSuccess: 0,
  loginFail: 0,
  logout: 0,
  flooNotice: 0,
  flooError: 0,
  connected: 0,
  disconnected: 0,
  connectionState: 0,
  reconnecting: 0,
  reconnect: 0,
  fireplaceError: 0,
  storageDegraded: 0,
  storageTrimmed: 0,
  insecureHost: 0,
  onRosterMessage: 0,
  onGroupMessage: 0,
  onMentionMessage: 0,
  onRosterRTCMessage: 0,
  onInputStatusMessage: 0,
  onSendingMessageStatusChanged: 0,
  onUploadProgress: 0,
  onMessageStatusChanged: 0,
  onMessageRecalled: 0,
  onMessageDeleted: 0,
  onMessageCanceled: 0,
  onRosterMessageContentAppend: 0,
  onGroupMessageContentAppend: 0,
  onRosterMessageReplace: 0,
  onGroupMessageReplace: 0,
  onUnreadChange: 0,
  recentlistUpdate: 0,
  onReceiveHistoryMsg: 0,
  onActionMessage: 0,
  messageNormal: 0,
  onRosterListUpdate: 0,
  onRosterInfoUpdate: 0,
  onRosterAdded: 0,
  onRosterRemoved: 0,
  onRosterAccepted: 0,
  onRosterDeclined: 0,
  onRosterBlocked: 0,
  onRosterUnblocked: 0,
  onRosterApplied: 0,
  onRosterMuted: 0,
  onRosterUnmuted: 0,
  onRosterNotice: 0,
  onGroupListUpdate: 0,
  onGroupMemberChanged: 0,
  onGroupPresence: 0,
  onGroupAbsence: 0,
  onGroupCreated: 0,
  onGroupDestoryed: 0,
  onGroupJoined: 0,
  onGroupLeaved: 0,
  onGroupApplyed: 0,
  onGroupApplyAccepted: 0,
  onGroupApplyDeclined: 0,
  onGroupInvited: 0,
  onGroupInvitedAccepted: 0,
  onGroupInvitedDeclined: 0,
  onGroupKicked: 0,
  onGroupBlocked: 0,
  onGroupUnblocked: 0,
  onGroupOwnerAssigned: 0,
  onGroupAdminGranted: 0,
  onGroupAdminRevoked: 0,
  onGroupMuted: 0,
  onGroupUnmuted: 0,
  onGroupBaned: 0,
  onGroupUnbaned: 0,
  onGroupInfoUpdated: 0,
  onGroupAnnouncementUpdated: 0,
  onGroupMessageSetting: 0,
  onGroupFileUploaded: 0,
  onGroupFileDeleted: 0,
  onGroupFileUpdated: 0,
  onGroupNotice: 0,
} satisfies Record<EventName, 0>) as EventName[];

const TIMEOUT_MS = 3000;

type Heard = { [K in EventName]: { name: K; payload: ClientEvents[K] } }[EventName];
type Matches<K extends EventName> = (payload: ClientEvents[K]) => boolean;

/** Every event of a client, in order. It needs no Node API, so it also runs in a browser. */
export class EventRecord {
  readonly heard: Heard[] = [];
  /** Events that no `next` has returned yet. */
  readonly #untaken: Heard[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #timeoutMs: number;

  constructor(client: FlooClient, timeoutMs = TIMEOUT_MS) {
    this.#timeoutMs = timeoutMs;
    for (const name of NAMES) client.on(name, (payload) => this.#hear({ name, payload } as Heard));
  }

  /** Waits for the first event of this name that matches and that no `next` has returned. Past events count. */
  async next<K extends EventName>(name: K, matches: Matches<K> = () => true): Promise<ClientEvents[K]> {
    let found: Heard | undefined;
    await this.#until(
      () => {
        const at = this.#untaken.findIndex((one) => one.name === name && matches(one.payload as ClientEvents[K]));
        if (at >= 0) found = this.#untaken.splice(at, 1)[0];
        return found !== undefined;
      },
      () => `no ${name} came; untaken: ${JSON.stringify(this.#untaken.slice(-20))}`,
    );
    return found!.payload as ClientEvents[K];
  }

  /** Waits until `amount` events of this name match, counted from the start. Resolves with all that match. */
  async count<K extends EventName>(
    name: K,
    amount: number,
    matches: Matches<K> = () => true,
  ): Promise<ClientEvents[K][]> {
    const found = (): ClientEvents[K][] => this.all(name).filter(matches);
    await this.#until(
      () => found().length >= amount,
      () => `${found().length} of ${amount} ${name} came`,
    );
    return found();
  }

  /** The payloads of an event so far, whether `next` has returned them or not. */
  all<K extends EventName>(name: K): ClientEvents[K][] {
    return this.heard.filter((one) => one.name === name).map((one) => one.payload as ClientEvents[K]);
  }

  /** Drops the events so far, so that `next` waits for a later one. */
  skip(): void {
    this.#untaken.length = 0;
  }

  #hear(event: Heard): void {
    this.heard.push(event);
    this.#untaken.push(event);
    for (const wake of [...this.#waiting]) wake();
  }

  async #until(done: () => boolean, complaint: () => string): Promise<void> {
    if (done()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(complaint()));
      }, this.#timeoutMs);
      const check = (): void => {
        if (!done()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
    });
  }
}

/** Waits for a condition that no event reports. */
export async function until(done: () => boolean, what: string, timeoutMs = TIMEOUT_MS): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!done()) {
    if (Date.now() > deadline) throw new Error(`gave up waiting: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Waits a fixed time, to see that nothing happens in it. Retry delays of tests are a few ms. */
export async function quiet(forMs = 80): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, forMs));
}

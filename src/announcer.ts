import type { Account } from './account/account.ts';
import type { ClientEvents } from './client-events.ts';
import type { FlooError } from './errors.ts';
import { idNumber } from './model/ids.ts';
import type { Id } from './model/ids.ts';
import type { Message } from './model/message.ts';
import type { NoticeMeta, Xid } from './model/notice.ts';
import type { Logger } from './platform/ports.ts';
import type { SyncEvent } from './sync/sync-events.ts';
import type { Emitter } from './util/emitter.ts';
import type { IXID } from './wire/gen/codec.js';
import { GroupNoticeType, RosterNoticeType, StatusErrorCode, UserNoticeType } from './wire/gen/enums.ts';

/** Says in public events what happened inside (api-surface 3.2 to 3.4). */
export class Announcer {
  readonly #emitter: Emitter<ClientEvents>;
  readonly #logger: Logger;
  #account: Account | undefined;
  /** Ids whose details were asked for this account, found or not. */
  readonly #asked = new Set<string>();

  constructor(emitter: Emitter<ClientEvents>, logger: Logger) {
    this.#emitter = emitter;
    this.#logger = logger;
  }

  /** @param account whose events these are. */
  announce(events: readonly SyncEvent[], account: Account): void {
    for (const event of events) this.#announceOne(event);
    if (account !== this.#account) this.#asked.clear();
    this.#account = account;
    this.#fetchNames(events, account);
  }

  problem(error: FlooError): void {
    this.#logger.warn(error.message);
    this.#emitter.emit('flooError', { ...describeProblem(error), error });
  }

  #announceOne(event: SyncEvent): void {
    const emitter = this.#emitter;
    switch (event.type) {
      case 'message':
        if (event.mentioned) emitter.emit('onMentionMessage', copy(event.message));
        return emitter.emit(
          event.message.toType === 'group' ? 'onGroupMessage' : 'onRosterMessage',
          copy(event.message),
        );
      case 'typing':
        return emitter.emit('onInputStatusMessage', { ext: event.ext, from: event.from, to: event.to });
      case 'status':
        return emitter.emit('onMessageStatusChanged', { uid: event.conversation.slice(1), mid: event.mid });
      case 'recalled':
        return emitter.emit('onMessageRecalled', { uid: event.conversation.slice(1), mid: event.mid });
      case 'deleted':
        return emitter.emit('onMessageDeleted', { uid: event.conversation.slice(1), mid: event.mid });
      case 'cancelled':
        return emitter.emit('onMessageCanceled', { uid: event.conversation.slice(1), mid: event.mid });
      case 'edited':
        return this.#announceEdit(event);
      case 'unread':
        return emitter.emit('onUnreadChange', event.conversation.slice(1));
      case 'list':
        return emitter.emit('recentlistUpdate', undefined);
      case 'history':
        return emitter.emit('onReceiveHistoryMsg', { next: event.next, conversationId: event.conversation });
      case 'sending':
        return emitter.emit('onSendingMessageStatusChanged', {
          status: 'sending',
          uid: idNumber(event.peer),
          mid: idNumber(event.mid),
          message: copy(event.message),
        });
      case 'sent':
        return emitter.emit('onSendingMessageStatusChanged', {
          status: 'sent',
          mid: idNumber(event.mid),
          message: copy(event.message),
        });
      case 'failed':
        return emitter.emit('onSendingMessageStatusChanged', {
          status: 'failed',
          mid: idNumber(event.mid),
          ...(event.message && { message: copy(event.message) }),
          errorCode: event.error.statusCode ?? event.error.number,
          errorReason: event.error.rawMessage,
          error: event.error,
        });
      case 'roster-notice':
        if (event.meta.payload?.type === RosterNoticeType.ADDED)
          return emitter.emit('onRosterListUpdate', toNoticeMeta(event.meta));
        if (LIST_ROSTER_NOTICES.has(event.meta.payload?.type ?? 0)) emitter.emit('onRosterListUpdate', undefined);
        return;
      case 'group-notice':
        if (event.meta.payload?.type === GroupNoticeType.CREATED)
          return emitter.emit('onGroupListUpdate', toNoticeMeta(event.meta));
        if (LIST_GROUP_NOTICES.has(event.meta.payload?.type ?? 0)) emitter.emit('onGroupListUpdate', undefined);
        return;
      case 'user-notice':
        return emitter.emit('flooNotice', {
          category: 'userNotice',
          desc: userNoticeName(event.meta.payload?.type ?? 0),
        });
      case 'conversation-deleted': {
        const desc = { id: event.conversation.slice(1), source: event.source };
        return emitter.emit('flooNotice', { category: 'conversation_deleted', desc });
      }
      case 'normal':
        return emitter.emit('messageNormal', toNoticeMeta(event.meta));
      case 'problem':
        return this.problem(event.error);
      default:
        return event satisfies never;
    }
  }

  #announceEdit({ conversation, message, edit }: SyncEvent & { type: 'edited' }): void {
    const kind = conversation.startsWith('g') ? 'onGroupMessage' : 'onRosterMessage';
    const { content: appendedContent, config, ext } = edit;
    if (edit.append)
      return this.#emitter.emit(`${kind}ContentAppend`, {
        ...copy(message),
        appendedContent,
        ...(config && { appendConfig: config }),
        ...(ext && { appendExt: ext }),
      });
    this.#emitter.emit(`${kind}Replace`, {
      ...copy(message),
      ...(config && { replaceConfig: config }),
      ...(ext && { replaceExt: ext }),
    });
  }

  /** Fetches the details of users and groups that events name and nobody knows yet. */
  #fetchNames(events: readonly SyncEvent[], account: Account): void {
    const { directory, store } = account;
    const users: Id[] = [];
    const groups: Id[] = [];
    for (const event of events) {
      if (event.type === 'message') {
        users.push(event.message.from);
        if (event.message.toType === 'roster') users.push(event.message.to);
        if (event.message.toType === 'group') groups.push(event.message.to);
      } else if (event.type === 'roster-notice' || event.type === 'group-notice') {
        const { from, to } = event.meta.payload!;
        for (const xid of [from, ...(to ?? [])]) if (xid?.uid) users.push(xid.uid);
        if (event.type === 'group-notice') groups.push(event.meta.payload!.gid?.uid ?? '0');
      }
    }
    const unasked = (kind: string, ids: readonly Id[], known: ReadonlyMap<Id, unknown>): Id[] =>
      ids.filter((id) => !known.has(id) && !this.#asked.has(kind + id) && this.#asked.add(kind + id));
    const newUsers = unasked('u', users, store.working.users);
    const newGroups = unasked('g', groups, store.working.groupInfos);
    const tell = (fetched: Promise<boolean>, event: 'onRosterListUpdate' | 'onGroupListUpdate'): void => {
      fetched.then(
        (any) => any && account.isOpen && this.#emitter.emit(event, undefined),
        (error: unknown) => account.isOpen && this.problem(error as FlooError),
      );
    };
    if (newUsers.length > 0) tell(directory.fetchUsers(newUsers), 'onRosterListUpdate');
    if (newGroups.length > 0) tell(directory.fetchGroups(newGroups), 'onGroupListUpdate');
  }
}

/** The app may keep and change what it is given. */
const copy = (message: Message): Message => ({ ...message });

const { ACCEPTED, REMOVED } = RosterNoticeType;
const LIST_ROSTER_NOTICES: ReadonlySet<number> = new Set([ACCEPTED, REMOVED]);

const { DESTROYED, JOINED, LEAVED, APPLY_ACCEPTED, INVITE_ACCEPTED, KICKED, BLOCKED, INFO_UPDATED } = GroupNoticeType;
const LIST_GROUP_NOTICES: ReadonlySet<number> = new Set([
  DESTROYED,
  JOINED,
  LEAVED,
  APPLY_ACCEPTED,
  INVITE_ACCEPTED,
  KICKED,
  BLOCKED,
  INFO_UPDATED,
]);

function userNoticeName(type: number): string {
  return Object.entries(UserNoticeType).find(([, value]) => value === type)?.[0] ?? 'UNKNOWN';
}

/** A plain copy: apps store what notice events give them. */
function toNoticeMeta(meta: {
  id?: string;
  from?: IXID | null;
  to?: IXID | null;
  timestamp?: string;
  ns: number;
  payload?: object | null;
}): NoticeMeta {
  return {
    id: meta.id ?? '0',
    from: toXid(meta.from),
    to: toXid(meta.to),
    timestamp: meta.timestamp ?? '0',
    ns: meta.ns,
    payload: JSON.parse(JSON.stringify(meta.payload ?? {})) as Record<string, unknown>,
  };
}

const toXid = (xid: IXID | null | undefined): Xid => ({ uid: xid?.uid ?? '0', deviceSN: xid?.deviceSN ?? 0 });

/** Category and text of a problem, as deployed apps compare them (api-surface 3.3). */
function describeProblem(error: FlooError): { category: string; desc: string; code?: number } {
  const reason = error.rawMessage;
  const appStatus = error.details?.['appStatus'];
  if (typeof appStatus === 'string') return { category: `APP_${appStatus.toUpperCase()}`, desc: `app is ${appStatus}` };
  switch (error.statusCode) {
    case undefined:
      break;
    case StatusErrorCode.USER_BANNED:
      return { category: 'USER_BANNED', desc: '用户被禁言' };
    case StatusErrorCode.USER_FROZEN:
      return { category: 'USER_FROZEN', desc: '用户被冻结，请联系App管理员。' };
    case StatusErrorCode.APP_FROZEN:
      return { category: 'APP_FROZEN', desc: 'APP 被冻结，请登陆蓝莺IM控制台查看详情。' };
    case StatusErrorCode.INVALID_LICENSE:
      return { category: 'LICENSE', desc: '无效 LICENSE，请确认服务已按时付费。' };
    case StatusErrorCode.LICENSE_LIMIT:
      return { category: 'LICENSE', desc: '超出 LICENSE 用户数限制，请购买更高规格服务。' };
    case StatusErrorCode.FAIL:
      return { category: 'FAIL', desc: reason };
    default:
      return { category: String(error.statusCode), desc: reason };
  }
  if (error.details?.['stage'] === 'dns') return { category: 'DNS_FAILED', desc: reason, code: error.restCode ?? 0 };
  if (error.reason === 'ServerConnectFailed') return { category: 'CONNECT_ERROR', desc: reason };
  return { category: error.reason, desc: reason, code: error.restCode ?? 0 };
}

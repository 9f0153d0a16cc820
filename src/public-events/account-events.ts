import type { AccountListener } from '../account/account.ts';
import type { AccountSessionListener } from '../account/session-deps.ts';
import type { ClientEvents } from '../client-events.ts';
import { copyError } from '../errors.ts';
import { idNumber } from '../model/ids.ts';
import type { Logger } from '../platform/ports.ts';
import { conversationOf } from '../store/schema.ts';
import type { Emitter } from '../util/emitter.ts';
import type { PublicEvents } from './public-events.ts';

/** Emits what happens in an account. */
export const accountListener = (
  emitter: Emitter<ClientEvents>,
  publicEvents: PublicEvents,
  logger: Logger,
): AccountListener => ({
  onSync: (events, account) => publicEvents.emitSync(events, account),
  onFriends: () => emitter.emit('onRosterListUpdate', undefined),
  onGroups: () => emitter.emit('onGroupListUpdate', undefined),
  onUsers: (ids) => emitter.emit('onRosterInfoUpdate', ids.map(idNumber)),
  onProblem: (error) => publicEvents.emitError(error),
  onStorageDegraded: (error) => {
    logger.warn(error.message);
    emitter.emit('storageDegraded', copyError(error));
  },
  onStorageTrimmed: (keys) => {
    const conversations = keys.map(conversationOf).map(({ type, id }) => ({ type, id: idNumber(id) }));
    emitter.emit('storageTrimmed', { conversations });
  },
});

/** Emits what begins, ends and interrupts a session. @param onChange - who is logged in has changed, or a login has failed */
export const sessionListener = (
  emitter: Emitter<ClientEvents>,
  publicEvents: PublicEvents,
  onChange: () => void,
): AccountSessionListener => ({
  onCacheOpen: () => {
    emitter.emit('recentlistUpdate', undefined);
    emitter.emit('onRosterListUpdate', undefined);
    emitter.emit('onGroupListUpdate', undefined);
  },
  onAccount: onChange,
  onLoginMessage: (desc) => emitter.emit('flooNotice', { category: 'loginMessage', desc }),
  onOnline: () => publicEvents.emitOnline(),
  onLoginFail: (desc) => {
    onChange();
    emitter.emit('loginFail', desc);
  },
  onLost: (cause) => emitter.emit('reconnect', { reason: cause.rawMessage }),
  onProblem: (error) => publicEvents.emitError(error),
  onAction: (desc) => emitter.emit('flooNotice', { category: 'action', desc }),
});

import { describe, expectTypeOf, test } from 'vitest';
import { createClient } from '../../src/entries/node.ts';
import type {
  ArrivedMessage,
  ClientEvents,
  EventHandler,
  EventName,
  FlooError,
  FlooErrorEvent,
  FlooNotice,
  GroupBan,
  GroupNoticePayload,
  Id,
  Message,
  NoticeMeta,
  SendingStatusEvent,
} from '../../src/entries/node.ts';

const im = createClient();

describe('names', () => {
  test('the events are these', () => {
    expectTypeOf<EventName>().toEqualTypeOf<
      | 'loginSuccess'
      | 'loginFail'
      | 'logout'
      | 'flooNotice'
      | 'flooError'
      | 'connected'
      | 'disconnected'
      | 'connectionState'
      | 'reconnecting'
      | 'reconnect'
      | 'fireplaceError'
      | 'storageDegraded'
      | 'storageTrimmed'
      | 'insecureHost'
      | 'onRosterMessage'
      | 'onGroupMessage'
      | 'onMentionMessage'
      | 'onRosterRTCMessage'
      | 'onInputStatusMessage'
      | 'onSendingMessageStatusChanged'
      | 'onUploadProgress'
      | 'onMessageStatusChanged'
      | 'onMessageRecalled'
      | 'onMessageDeleted'
      | 'onMessageCanceled'
      | 'onRosterMessageContentAppend'
      | 'onGroupMessageContentAppend'
      | 'onRosterMessageReplace'
      | 'onGroupMessageReplace'
      | 'onUnreadChange'
      | 'recentlistUpdate'
      | 'onReceiveHistoryMsg'
      | 'onActionMessage'
      | 'messageNormal'
      | 'onRosterListUpdate'
      | 'onRosterInfoUpdate'
      | 'onRosterAdded'
      | 'onRosterRemoved'
      | 'onRosterAccepted'
      | 'onRosterDeclined'
      | 'onRosterBlocked'
      | 'onRosterUnblocked'
      | 'onRosterApplied'
      | 'onRosterMuted'
      | 'onRosterUnmuted'
      | 'onRosterNotice'
      | 'onGroupListUpdate'
      | 'onGroupMemberChanged'
      | 'onGroupPresence'
      | 'onGroupAbsence'
      | 'onGroupCreated'
      | 'onGroupDestoryed'
      | 'onGroupJoined'
      | 'onGroupLeaved'
      | 'onGroupApplyed'
      | 'onGroupApplyAccepted'
      | 'onGroupApplyDeclined'
      | 'onGroupInvited'
      | 'onGroupInvitedAccepted'
      | 'onGroupInvitedDeclined'
      | 'onGroupKicked'
      | 'onGroupBlocked'
      | 'onGroupUnblocked'
      | 'onGroupOwnerAssigned'
      | 'onGroupAdminGranted'
      | 'onGroupAdminRevoked'
      | 'onGroupMuted'
      | 'onGroupUnmuted'
      | 'onGroupBaned'
      | 'onGroupUnbaned'
      | 'onGroupInfoUpdated'
      | 'onGroupAnnouncementUpdated'
      | 'onGroupMessageSetting'
      | 'onGroupFileUploaded'
      | 'onGroupFileDeleted'
      | 'onGroupFileUpdated'
      | 'onGroupNotice'
    >();
  });

  test('a misspelt event does not compile', () => {
    // @ts-expect-error the deployed spelling has a lower-case "list"
    im.on('recentListUpdate', () => {});
    // @ts-expect-error and in an object neither
    im.on({ onRosterMessages: () => {} });
    // @ts-expect-error nor for off
    im.off('onRosterMesage', () => {});
    // @ts-expect-error nor for off with an object
    im.off({ onRosterMesage: () => {} });
    // @ts-expect-error nor for listen
    im.listen('loginSucces', () => {});
  });
});

describe('payloads', () => {
  test('of each event', () => {
    expectTypeOf<ClientEvents['loginSuccess']>().toEqualTypeOf<Record<string, never>>();
    expectTypeOf<ClientEvents['loginFail']>().toEqualTypeOf<string>();
    expectTypeOf<ClientEvents['logout']>().toEqualTypeOf<undefined>();
    expectTypeOf<ClientEvents['flooNotice']>().toEqualTypeOf<FlooNotice>();
    expectTypeOf<ClientEvents['flooError']>().toEqualTypeOf<FlooErrorEvent>();
    expectTypeOf<ClientEvents['onRosterMessage']>().toEqualTypeOf<ArrivedMessage>();
    expectTypeOf<ClientEvents['onGroupMessage']>().toEqualTypeOf<ArrivedMessage>();
    expectTypeOf<ClientEvents['onMentionMessage']>().toEqualTypeOf<ArrivedMessage>();
    expectTypeOf<ClientEvents['onInputStatusMessage']>().toEqualTypeOf<{ ext: string; from: Id; to: Id }>();
    expectTypeOf<ClientEvents['onSendingMessageStatusChanged']>().toEqualTypeOf<SendingStatusEvent>();
    expectTypeOf<ClientEvents['onMessageStatusChanged']>().toEqualTypeOf<{ uid: Id; mid: Id }>();
    expectTypeOf<ClientEvents['onUnreadChange']>().toEqualTypeOf<Id>();
    expectTypeOf<ClientEvents['recentlistUpdate']>().toEqualTypeOf<undefined>();
    expectTypeOf<ClientEvents['onReceiveHistoryMsg']>().toEqualTypeOf<{ next: Id; conversationId: Id }>();
    expectTypeOf<ClientEvents['onRosterListUpdate']>().toEqualTypeOf<NoticeMeta | undefined>();
    expectTypeOf<ClientEvents['onGroupListUpdate']>().toEqualTypeOf<NoticeMeta<GroupNoticePayload> | undefined>();
    expectTypeOf<ClientEvents['onGroupJoined']>().toEqualTypeOf<NoticeMeta<GroupNoticePayload>>();
    expectTypeOf<ClientEvents['onGroupMemberChanged']>().toEqualTypeOf<number>();
    expectTypeOf<ClientEvents['onGroupBaned']>().toEqualTypeOf<GroupBan>();
    expectTypeOf<ClientEvents['onRosterApplied']>().toEqualTypeOf<NoticeMeta>();
    expectTypeOf<ClientEvents['onRosterInfoUpdate']>().toEqualTypeOf<number[]>();
    expectTypeOf<ClientEvents['connected']>().toEqualTypeOf<undefined>();
    expectTypeOf<ClientEvents['disconnected']>().toEqualTypeOf<{ reason: string }>();
    expectTypeOf<ClientEvents['reconnecting']>().toEqualTypeOf<{ attempt: number }>();
    expectTypeOf<ClientEvents['reconnect']>().toEqualTypeOf<{ reason: string }>();
    expectTypeOf<ClientEvents['storageDegraded']>().toEqualTypeOf<FlooError>();
    expectTypeOf<ClientEvents['storageTrimmed']>().toEqualTypeOf<{
      conversations: { id: number; type: 'roster' | 'group' }[];
    }>();
    expectTypeOf<ClientEvents['onActionMessage']>().toEqualTypeOf<NoticeMeta<Record<string, unknown>>>();
    expectTypeOf<ClientEvents['messageNormal']>().toEqualTypeOf<NoticeMeta<Record<string, unknown>>>();
  });

  test('a handler has the type of its payload without an annotation', () => {
    im.on('onRosterMessage', (message) => expectTypeOf(message).toEqualTypeOf<ArrivedMessage>());
    im.on('onSendingMessageStatusChanged', ({ status, mid }) => {
      expectTypeOf(status).toEqualTypeOf<'sending' | 'sent' | 'failed'>();
      expectTypeOf(mid).toEqualTypeOf<number>();
    });
    im.on({
      onUnreadChange: (uid) => expectTypeOf(uid).toEqualTypeOf<string>(),
      loginFail: (desc) => expectTypeOf(desc).toEqualTypeOf<string>(),
    });
  });

  test('the category of a notice decides the type of its desc', () => {
    im.on('flooNotice', (notice) => {
      if (notice.category === 'action') expectTypeOf(notice.desc).toEqualTypeOf<'relogin' | 'relogin_manually'>();
      if (notice.category === 'conversation_deleted') expectTypeOf(notice.desc.id).toEqualTypeOf<Id>();
    });
  });

  test('a handler of something else does not compile', () => {
    // @ts-expect-error a message is no string
    im.on('onRosterMessage', (message: string) => message);
    // @ts-expect-error an unread change names a conversation, as text
    im.on({ onUnreadChange: (uid: number) => uid });
    // @ts-expect-error handlers get one argument
    im.on('onGroupMessage', (message: Message, more: string) => more + message.id);
    // @ts-expect-error a message has no such field
    im.on('onRosterMessage', (message) => message.text);
    // @ts-expect-error the notice may be absent
    im.on('onRosterListUpdate', (meta) => meta.id);
  });
});

describe('on and off', () => {
  const handler: EventHandler<'onRosterMessage'> = () => {};

  test('on takes a pair or an object and returns an unsubscriber', () => {
    expectTypeOf(im.on('onRosterMessage', handler)).toEqualTypeOf<() => void>();
    expectTypeOf(im.on({ onRosterMessage: handler, logout: () => {} })).toEqualTypeOf<() => void>();
    expectTypeOf(im.listen).toEqualTypeOf<typeof im.on>();
  });

  test('off takes both forms too', () => {
    im.off('onRosterMessage', handler);
    im.off({ onRosterMessage: handler });
  });

  test('off takes the undefined that deployed apps pass', () => {
    im.off('onRosterMessage', '');
    im.off('onRosterMessage', undefined);
    im.off({ onRosterMessage: '', onGroupMessage: null });
  });

  test('other nonsense does not compile', () => {
    // @ts-expect-error only the empty text is passed over
    im.off('onRosterMessage', 'onGroupMessage');
    // @ts-expect-error on by name needs something to call
    im.on('onRosterMessage', '');
    // @ts-expect-error on by name needs a handler
    im.on('onRosterMessage');
  });
});

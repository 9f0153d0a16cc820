import { describe, expectTypeOf, test } from 'vitest';
import { createClient, errorNumber, flooim, FlooError, isFlooError } from '../../src/entries/node.ts';
import type {
  ClientOptions,
  ConversationItem,
  FlooClient,
  FlooErrorCode,
  GroupInfo,
  Message,
  MessageAttachment,
  MessageType,
  RosterItem,
} from '../../src/entries/node.ts';

const im = createClient({ appid: 'app' });

test('the calls that read the store have the types of their results', () => {
  const { sysManage } = im;
  expectTypeOf(
    sysManage.getMessages({ id: 1, type: 'roster', before: '2', contentType: 'image' }),
  ).resolves.toEqualTypeOf<{
    messages: Message[];
    complete: boolean;
  }>();
  expectTypeOf(sysManage.getMessage({ id: 1, type: 'group', mid: '2' })).resolves.toEqualTypeOf<Message | undefined>();
  expectTypeOf(sysManage.countMessages({ id: 1, type: 'group' })).resolves.toEqualTypeOf<number>();
  expectTypeOf(sysManage.searchMessages('x', { type: 'group' })).resolves.items.toHaveProperty('message');
  expectTypeOf(sysManage.makeSearch('x').rosterArr[0]!.content).toEqualTypeOf<string | undefined>();
  // @ts-expect-error -- no such type of conversation
  void sysManage.getMessages({ id: 1, type: 'user' });
  // @ts-expect-error -- no such type of content
  void sysManage.countMessages({ id: 1, type: 'group', contentType: 'poem' });
});

describe('entry points', () => {
  test('flooim is a function and a constructor, and both give the im object', () => {
    expectTypeOf(flooim({ appid: 'app' })).toEqualTypeOf<FlooClient>();
    expectTypeOf(new flooim({ appid: 'app' })).toEqualTypeOf<FlooClient>();
    expectTypeOf(createClient()).toEqualTypeOf<FlooClient>();
  });

  test('the configuration has its deployed fields', () => {
    flooim({
      appid: 'app',
      ws: true,
      autoLogin: false,
      dnsServer: 'https://dns.example.com/',
      logLevel: 'debug',
      linkServer: 'https://link.example.com',
      forceNode: true,
      transports: ['websocket'],
    });
    expectTypeOf<Pick<Required<ClientOptions>, 'appid' | 'ws' | 'autoLogin' | 'linkServer'>>().toEqualTypeOf<{
      appid: string;
      ws: boolean;
      autoLogin: boolean;
      linkServer: string;
    }>();
    expectTypeOf<ClientOptions['dnsServer']>().toEqualTypeOf<string | undefined>();
  });

  test('other spellings and values do not compile', () => {
    // @ts-expect-error the deployed spelling is "appid"
    flooim({ appId: 'app' });
    // @ts-expect-error the deployed spelling is "autoLogin"
    flooim({ appid: 'app', autologin: true });
    // @ts-expect-error no such level
    flooim({ appid: 'app', logLevel: 'verbose' });
    // @ts-expect-error no such transport
    createClient({ transport: 'polling' });
    // @ts-expect-error Engine.IO 3 or 4
    createClient({ engine: 5 });
    // @ts-expect-error flooim needs its configuration
    flooim();
  });
});

describe('login', () => {
  test('every login returns a promise without a value', () => {
    expectTypeOf(im.login({ name: 'alice', password: 'secret' })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(im.login({ mobile: '10086', password: 'secret' })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(im.idLogin({ user_id: 1, password: 'secret' })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(im.tokenLogin('1', 'token')).toEqualTypeOf<Promise<void>>();
    expectTypeOf(im.tokenLogin({ user_id: 1, token: 'token' })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(im.logout()).toEqualTypeOf<Promise<void>>();
  });

  test('incomplete credentials do not compile', () => {
    // @ts-expect-error a login needs the password
    void im.login({ name: 'alice' });
    // @ts-expect-error the deployed spelling is "name"
    void im.login({ username: 'alice', password: 'secret' });
    // @ts-expect-error a token login needs the token
    void im.tokenLogin('1');
  });

  test('the details of the session may be undefined', () => {
    expectTypeOf(im.baseUrl).toEqualTypeOf<string | undefined>();
    expectTypeOf(im.userManage.getUid()).toEqualTypeOf<number | undefined>();
    expectTypeOf(im.userManage.getToken()).toEqualTypeOf<string | undefined>();
    expectTypeOf(im.isLogin()).toEqualTypeOf<boolean>();
  });
});

describe('lists', () => {
  test('joined groups are ids when the server is asked, details when not', () => {
    expectTypeOf(im.groupManage.asyncGetJoinedGroups(true)).toEqualTypeOf<Promise<number[]>>();
    expectTypeOf(im.groupManage.asyncGetJoinedGroups()).toEqualTypeOf<Promise<GroupInfo[]>>();
    expectTypeOf(im.groupManage.asyncGetJoinedGroups(false)).toEqualTypeOf<Promise<GroupInfo[]>>();
  });

  test('friends are ids both ways', () => {
    expectTypeOf(im.rosterManage.asyncGetRosterIdList()).toEqualTypeOf<Promise<number[]>>();
    expectTypeOf(im.rosterManage.asyncGetRosterIdList(true)).toEqualTypeOf<Promise<number[]>>();
  });

  test('getters answer at once and never with undefined', () => {
    expectTypeOf(im.userManage.getConversationList()).toEqualTypeOf<ConversationItem[]>();
    expectTypeOf(im.rosterManage.getRosterMessageByRid(1)).toEqualTypeOf<Message[]>();
    expectTypeOf(im.groupManage.getGroupMessage('1')).toEqualTypeOf<Message[]>();
    expectTypeOf(im.groupManage.getGruopMessage('1')).toEqualTypeOf<Message[]>();
    expectTypeOf(im.rosterManage.getAllRosterDetail()).toEqualTypeOf<Record<string, RosterItem>>();
    expectTypeOf(im.groupManage.getAllGroupDetail()).toEqualTypeOf<Record<string, GroupInfo>>();
  });
});

describe('messages', () => {
  test('sending gives the client id', () => {
    expectTypeOf(im.sysManage.sendRosterMessage({ uid: 1, content: 'hi' })).toEqualTypeOf<number>();
    expectTypeOf(im.sysManage.sendGroupMessage({ gid: 1, content: 'hi', type: 'text' })).toEqualTypeOf<number>();
    im.sysManage.sendRosterMessage({ uid: 1, type: 'image', attachment: { url: 'u' }, ext: '{}', config: {} });
  });

  test('ids may be text, numbers or objects of the long package', () => {
    const long = { low: 1, high: 0, unsigned: true, toString: () => '1' };
    im.sysManage.sendRosterMessage({ uid: long, content: 'hi' });
    im.rosterManage.readRosterMessage(1, '2');
  });

  test('the message types are these', () => {
    expectTypeOf<MessageType>().toEqualTypeOf<
      'text' | 'image' | 'audio' | 'video' | 'file' | 'location' | 'command' | 'forward' | 'rtc'
    >();
  });

  test('an attachment has the type of its message', () => {
    const { sysManage } = im;
    sysManage.sendRosterMessage({ uid: 1, type: 'image', attachment: { url: 'u', width: 3, height: 2, ours: {} } });
    sysManage.sendRosterMessage({ uid: 1, type: 'location', attachment: { lat: 1.5, lon: 2, addr: 'here' } });
    sysManage.sendRosterMessage({ uid: 1, type: 'audio', attachment: '{"duration":3}', file: new Uint8Array(1) });
    sysManage.sendGroupMessage({ gid: 1, attachment: { duration: 3 }, file: 'voice.amr' });
    interface Clip {
      url: string;
      duration: number;
      tUrl: string;
    }
    const clip: Clip = { url: 'u', duration: 3, tUrl: 't' };
    sysManage.sendGroupMessage({ gid: 1, type: 'video', attachment: clip });
    // @ts-expect-error pixels are a number
    sysManage.sendRosterMessage({ uid: 1, type: 'image', attachment: { url: 'u', width: '3' } });
    // @ts-expect-error a place has two coordinates
    sysManage.sendRosterMessage({ uid: 1, type: 'location', attachment: { lat: 1.5 } });
    // @ts-expect-error seconds are a number
    sysManage.sendGroupMessage({ gid: 1, type: 'audio', attachment: { duration: '3' } });
  });

  test('the known fields of an attachment have types, whatever the type of its message', () => {
    const read = (message: Message): void => {
      expectTypeOf(message.attach?.url).toEqualTypeOf<string | undefined>();
      if (message.type === 'image') {
        expectTypeOf(message.attach?.width).toEqualTypeOf<number | undefined>();
        expectTypeOf(message.attach?.url).toEqualTypeOf<string | undefined>();
      } else if (message.type === 'audio') expectTypeOf(message.attach?.duration).toEqualTypeOf<number | undefined>();
      else if (message.type === 'video') {
        expectTypeOf(message.attach?.duration).toEqualTypeOf<number | undefined>();
        expectTypeOf(message.attach?.height).toEqualTypeOf<number | undefined>();
      } else if (message.type === 'file') {
        expectTypeOf(message.attach?.dName).toEqualTypeOf<string | undefined>();
        expectTypeOf(message.attach?.fLen).toEqualTypeOf<number | undefined>();
      } else if (message.type === 'location') {
        expectTypeOf(message.attach?.lat).toEqualTypeOf<number | undefined>();
        expectTypeOf(message.attach?.addr).toEqualTypeOf<string | undefined>();
      } else {
        expectTypeOf(message.type).toEqualTypeOf<'text' | 'command' | 'forward' | 'rtc' | undefined>();
        expectTypeOf(message.attach).toEqualTypeOf<MessageAttachment | undefined>();
      }
    };
    im.on('onRosterMessage', read);
    im.on('onGroupMessageReplace', (message) => {
      if (message.type === 'video') expectTypeOf(message.attach?.width).toEqualTypeOf<number | undefined>();
    });
    // A message may be forwarded as it came.
    im.on('onGroupMessage', (message) => void im.sysManage.forwardMessage({ uid: 1, message }));
  });

  test('a wrong message does not compile', () => {
    const wide = (type: string): number => im.sysManage.sendRosterMessage({ uid: 1, content: 'hi', type });
    expectTypeOf(wide).returns.toEqualTypeOf<number>();
    // @ts-expect-error no such message type
    im.sysManage.sendRosterMessage({ uid: 1, content: 'hi', type: 'picture' });
    // @ts-expect-error a user has a uid, not a gid
    im.sysManage.sendRosterMessage({ gid: 1, content: 'hi' });
    // @ts-expect-error a group has a gid
    im.sysManage.sendGroupMessage({ content: 'hi' });
    // @ts-expect-error one types or does nothing
    im.sysManage.sendInputStatusMessage(1, 'thinking');
  });
});

describe('errors', () => {
  test('a misspelt code does not compile', () => {
    expectTypeOf<'UserNotLogin'>().toExtend<FlooErrorCode>();
    isFlooError(new Error(), 'ServerTimeOut');
    // @ts-expect-error the documented name is ServerTimeOut
    isFlooError(new Error(), 'ServerTimeout');
    // @ts-expect-error the documented name is UserNotLogin
    new FlooError('UserNotLoggedIn');
    // @ts-expect-error the documented name is RosterNotFriend
    errorNumber('RosterNotAFriend');
  });

  test('the guard narrows what was caught', () => {
    const caught: unknown = undefined;
    if (isFlooError(caught)) {
      expectTypeOf(caught.reason).toEqualTypeOf<FlooErrorCode>();
      expectTypeOf(caught.code).toEqualTypeOf<number>();
      // @ts-expect-error no error has this reason
      if (caught.reason === 'UserNotLoggedIn') return;
    }
  });

  test('an error is an Error', () => {
    expectTypeOf<FlooError>().toExtend<Error>();
    expectTypeOf<FlooError['retryable']>().toEqualTypeOf<boolean>();
  });
});

describe('members that are REST calls', () => {
  test('have types for parameters and results', () => {
    expectTypeOf(im.userManage.asyncGetProfile()).resolves.toHaveProperty('user_id');
    expectTypeOf(im.groupManage.asyncBanAll({ group_id: 1, duration: -1 })).resolves.toEqualTypeOf<{
      ban_expire_time: number;
    }>();
    expectTypeOf(im.groupManage.asyncKick({ group_id: '1', user_list: ['2', 3] })).resolves.items.toHaveProperty(
      'result',
    );
    void im.groupManage.asyncGetInfo(1);
    void im.groupManage.asyncUpdateHistoryVisible({ group_id: 1, value: 1 });
  });

  test('lists keep the paging fields of the server', () => {
    expectTypeOf(im.rosterManage.asyncGetBlockedlist()).resolves.toExtend<number[]>();
    expectTypeOf(im.groupManage.asyncGetMemberList({ group_id: 1, cursor: 'c', limit: 5 })).resolves.toHaveProperty(
      'cursor',
    );
  });

  test('misspelt members have the type of the right ones', () => {
    expectTypeOf(im.groupManage.asyncGroupBab).toEqualTypeOf(im.groupManage.asyncGroupBan);
    expectTypeOf(im.groupManage.getGruopMessage).toEqualTypeOf(im.groupManage.getGroupMessage);
    expectTypeOf(im.rosterManage.asyncBlockeAdd).toEqualTypeOf(im.rosterManage.asyncBlockAdd);
    expectTypeOf(im.sysManage.aysncParseLinkV2).toEqualTypeOf(im.sysManage.asyncParseLinkV2);
  });

  test('parameters that are missing or misspelt do not compile', () => {
    // @ts-expect-error without a serial it would kick every device
    void im.userManage.asyncKickDevice({});
    // @ts-expect-error the duration is missing
    void im.groupManage.asyncGroupBan({ group_id: 1, user_list: [2] });
    // @ts-expect-error the deployed spelling is user_id
    void im.rosterManage.asyncAccept({ userId: 1 });
    // @ts-expect-error no such method
    void im.groupManage.asyncGroupBann({ group_id: 1 });
  });

  test('calls are in another entry', () => {
    expectTypeOf(im.rtcManage.getInCallStatus()).toEqualTypeOf<boolean>();
    expectTypeOf(im.rtcManage.sendRTCMessage({ uid: 1, content: '' })).toEqualTypeOf<number>();
  });
});

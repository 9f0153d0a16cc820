import { mustAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import { FlooError } from '../errors.ts';
import type { RestClient } from '../http/rest-client.ts';
import { restMethods } from '../http/rest-methods.ts';
import { idNumber } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { KeptNoticePayload, NoticeMeta } from '../model/notice.ts';
import type { OneOf } from '../model/one-of.ts';
import { copyData } from '../util/copy-data.ts';
import { isScalar, mustBe, mustFields, mustId } from './arguments.ts';
import { createAppInfo } from './app-info.ts';
import type { AppInfo } from './app-info.ts';
import type { AppSource } from './app-source.ts';
import { searchContacts } from './contact-search.ts';
import type { ContactSearch } from './contact-search.ts';
import { createConversationCalls } from './conversation-calls.ts';
import type { ConversationCalls } from './conversation-calls.ts';
import { DEPLOYED_NAMES, withDeployedNames } from './deployed-names.ts';
import type { RightNames } from './deployed-names.ts';
import { createFileTransfers } from './file-transfers.ts';
import type { FileTransferDeps, FileTransfers } from './file-transfers.ts';
import { createFileUrls } from './file-urls.ts';
import type { FileUrls } from './file-urls.ts';
import { createLinkParser } from './link-parser.ts';
import type { LinkParser, LinkParserDeps } from './link-parser.ts';
import { createMessageReads } from './message-reads.ts';
import type { MessageReads } from './message-reads.ts';
import { createMessageSending } from './message-sending.ts';
import type { MessageSending } from './message-sending.ts';
import { requestBefore } from './named-messages.ts';
import { staticVars } from './static-vars.ts';
import type { StaticVars } from './static-vars.ts';
import { SYS_ENDPOINTS } from './sys-calls.ts';
import type { SysCalls } from './sys-calls.ts';

/** Sending, history, search, files, and the app's servers. */
export interface SysManage
  extends SysCalls, MessageSending, MessageReads, ConversationCalls, AppInfo, FileUrls, FileTransfers, LinkParser {
  /**
   * Reports to a user that the user of this client is typing, or has stopped. It is sent at most once.
   *
   * @param uid - the user
   * @param status - `'typing'` or `'nothing'`
   * @returns the client id of the message
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when `uid` is no id
   */
  sendInputStatusMessage<Status extends string>(uid: IdInput, status: OneOf<'typing' | 'nothing', Status>): number;
  /**
   * @param frame - a frame of the protocol
   * @throws FlooError `InvalidParam` when it is no frame
   * @deprecated It sends a raw frame when online, and is for experiments with the protocol. Use {@link
   *   MessageSending.sendRosterMessage}.
   */
  sendMessage(frame: object): void;
  /**
   * Asks the server for older messages. They come as message events with `isHistory`, and `onReceiveHistoryMsg`
   * follows.
   *
   * @param id - the user or group
   * @param mid - messages before this one, by its server id or client id; 0: the newest
   * @param amount - how many, 1 to 500
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when `id` or `mid` is no id
   * @example
   * im.on('onReceiveHistoryMsg', ({ next }) => console.log(next === '0' ? 'the beginning' : `more before ${next}`));
   * im.sysManage.requireHistoryMessage(6597478514688, 0, 20);
   */
  requireHistoryMessage(id: IdInput, mid: IdInput, amount: number): void;
  /**
   * Searches memory: users and groups by their names, or by the text of a recent message. Each is found at most once,
   * with the newest message that matches. `searchMessages` searches everything stored.
   *
   * @param text - words that all have to occur
   */
  makeSearch(text: string): ContactSearch;
  /**
   * Returns stored notices, newest first, at most 50: open applications and invitations, refusals, and the friends
   * and groups that the user has lost.
   */
  getNoticeMessage(): NoticeMeta<KeptNoticePayload>[];
  /** Returns the protocol's enumerations. */
  getStaticVars(): StaticVars;
}

interface SysManageDeps extends Omit<FileTransferDeps, 'urls'> {
  accounts: AccountSource;
  rest: RestClient;
  app(): AppSource | undefined;
  clock: LinkParserDeps['clock'];
  visit: LinkParserDeps['visit'];
  sendFrame(frame: object): void;
}

const MAX_HISTORY_AMOUNT = 500;

export function createSysManage({
  accounts,
  rest,
  app,
  clock,
  visit,
  sendFrame,
  ...transfers
}: SysManageDeps): SysManage {
  const urls = createFileUrls(app);
  const manager: RightNames<SysManage> = {
    ...restMethods<SysCalls>(rest, SYS_ENDPOINTS),
    ...createMessageSending({ accounts, rest, files: transfers.files }),
    ...createMessageReads(accounts),
    ...createConversationCalls(accounts),
    ...createAppInfo(app),
    ...urls,
    ...createFileTransfers({ ...transfers, urls }),
    ...createLinkParser({ app, clock, visit }),
    makeSearch: (text) => searchContacts(accounts, text),
    sendInputStatusMessage: (uid, status) => {
      mustBe(status === 'typing' || status === 'nothing', 'status is neither typing nor nothing');
      return idNumber(mustAccount(accounts).sync.sendTyping(mustId(uid, 'uid'), status));
    },
    sendMessage: (frame) => {
      mustFields(frame, 'frame');
      try {
        sendFrame(frame);
      } catch (cause) {
        throw new FlooError('InvalidParam', 'frame is no frame of the protocol', { cause });
      }
    },
    requireHistoryMessage: (id, mid, amount) => {
      mustBe(isScalar(amount), 'amount is no number');
      const count = Math.min(MAX_HISTORY_AMOUNT, Math.max(1, Math.floor(Number(amount)) || 1));
      requestBefore(mustAccount(accounts), mustId(id, 'id'), mustId(mid, 'mid'), count);
    },
    getNoticeMessage: () => [...copyData(accounts.current()?.store.reader.notices() ?? [])],
    getStaticVars: staticVars,
  };
  return withDeployedNames(manager, DEPLOYED_NAMES.sysManage);
}

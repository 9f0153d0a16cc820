import { mustAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import type { RestClient } from '../http/rest-client.ts';
import { restMethods } from '../http/rest-methods.ts';
import { idNumber } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { NoticeMeta } from '../model/notice.ts';
import { mustId } from './arguments.ts';
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
import { staticVars } from '../model/static-vars.ts';
import type { StaticVars } from '../model/static-vars.ts';
import { SYS_ENDPOINTS } from './sys-calls.ts';
import type { SysCalls } from './sys-calls.ts';

/** Sending, history and search (api-surface 2.4). */
export interface SysManage
  extends SysCalls, MessageSending, MessageReads, ConversationCalls, AppInfo, FileUrls, FileTransfers, LinkParser {
  /** Tells a user that one types or stopped; sent once or not at all. */
  sendInputStatusMessage(uid: IdInput, status: 'typing' | 'nothing'): number;
  /** Sends a frame as it is, when online. @deprecated for experiments with the protocol. */
  sendMessage(frame: object): void;
  /**
   * Asks for `amount` messages before message `mid` (0: the newest) of a user or group. They come as message events with
   * `isHistory`, followed by `onReceiveHistoryMsg`.
   */
  requireHistoryMessage(id: IdInput, mid: IdInput, amount: number): void;
  /**
   * Users and groups by their names, or by the text of a recent message, the newest that matches; each at most once. It
   * answers at once from memory: `searchMessages` goes through everything.
   */
  makeSearch(text: string): ContactSearch;
  /** Applications and invitations until they are settled, refusals, and whom or what the user left: newest first, at most 50. */
  getNoticeMessage(): NoticeMeta[];
  /** The enumerations of the protocol. */
  getStaticVars(): StaticVars;
}

export interface SysManageDeps extends Omit<FileTransferDeps, 'urls'> {
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
    sendInputStatusMessage: (uid, status) =>
      idNumber(mustAccount(accounts).sync.sendTyping(mustId(uid, 'uid'), status)),
    sendMessage: sendFrame,
    requireHistoryMessage: (id, mid, amount) => {
      const count = Math.min(MAX_HISTORY_AMOUNT, Math.max(1, Math.floor(Number(amount)) || 1));
      mustAccount(accounts).sync.requestHistory(mustId(id, 'id'), mustId(mid, 'mid'), count);
    },
    getNoticeMessage: () =>
      JSON.parse(JSON.stringify(accounts.current()?.store.reader.notices() ?? [])) as NoticeMeta[],
    getStaticVars: staticVars,
  };
  return withDeployedNames(manager, DEPLOYED_NAMES.sysManage);
}

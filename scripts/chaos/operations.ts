// What users do on their devices.
import { isFlooError } from '../../src/errors.ts';
import type { FlooClient } from '../../src/floo-client.ts';
import type { Message } from '../../src/model/message.ts';
import { Chance } from '../../test/fuzz/random.ts';
import { reasonOf } from './history.ts';
import type { OperationName, Step } from './plan.ts';

export interface SentMessage {
  readonly mid: number;
  /** `roster:<uid>` or `group:<gid>`. */
  readonly conversation: string;
  readonly content: string;
}

/** Whose operation it is, and on what. */
export interface Actor {
  readonly client: FlooClient;
  /** User ids. */
  readonly self: number;
  readonly friends: readonly number[];
  /** Everybody is in it. */
  readonly firstGroup: number;
  /** What was sent here, newest last. */
  readonly sent: readonly SentMessage[];
  onSent(message: SentMessage): void;
  /** Follows a call to its end. */
  follow(name: string, promise: Promise<unknown>): void;
  /** A file as apps of this platform pass it. */
  file(name: string, bytes: Uint8Array<ArrayBuffer>): unknown;
  relogin(): void;
}

interface Act extends Actor {
  readonly chance: Chance;
  /** No other message has it. */
  readonly text: string;
}

const FILE_BYTES = 40_000;

/** A conversation of the user that is chosen by chance: mostly a few, so that much happens in each. */
function someConversation(act: Act): { id: number; isGroup: boolean } {
  if (act.chance.is(0.5)) return { id: someFriend(act), isGroup: false };
  return { id: someGroup(act), isGroup: true };
}

const someFriend = ({ friends, chance }: Act): number => chance.pick(friends);

/** One of the groups that the client knows. */
function someGroup({ client, chance, firstGroup }: Act): number {
  const others = Object.keys(client.groupManage.getAllGroupDetail()).map(Number);
  return chance.pick([firstGroup, ...others.filter((id) => id !== firstGroup)]);
}

const messagesOf = ({ client }: Act, { id, isGroup }: { id: number; isGroup: boolean }): Message[] =>
  isGroup ? client.groupManage.getGroupMessage(id) : client.rosterManage.getRosterMessageByRid(id);

/** Calls the manager that this conversation belongs to. */
const managerOf = ({ client }: Act, isGroup: boolean): FlooClient['groupManage'] | FlooClient['rosterManage'] =>
  isGroup ? client.groupManage : client.rosterManage;

/** A message that the user wrote: one of the last ones, on its way or at the server. Undefined when there is none. */
function ownMessage(act: Act): { id: number; isGroup: boolean; mid: string } | undefined {
  const { sent, self, chance } = act;
  if (chance.is(0.4)) {
    const last = sent.at(-1 - chance.below(3));
    if (!last) return undefined;
    const [type, id] = last.conversation.split(':') as [string, string];
    return { id: Number(id), isGroup: type === 'group', mid: String(last.mid) };
  }
  const place = someConversation(act);
  const own = messagesOf(act, place).filter(({ from }) => from === String(self));
  const found = own.at(-1 - chance.below(6));
  return found && { ...place, mid: found.id };
}

const sent = ({ onSent, text }: Act, mid: number, conversation: string): void =>
  onSent({ mid, conversation, content: text });

const PERFORM: Readonly<Record<OperationName, (act: Act) => void>> = {
  'send to a friend': (act) => {
    const uid = someFriend(act);
    sent(act, act.client.sysManage.sendRosterMessage({ uid, content: act.text }), `roster:${uid}`);
  },
  'send to a group': (act) => {
    const gid = someGroup(act);
    sent(act, act.client.sysManage.sendGroupMessage({ gid, content: act.text }), `group:${gid}`);
  },
  mention: (act) => {
    const gid = someGroup(act);
    const mentioned = act.chance.is(0.3) ? { mentionAll: true } : { mentionList: [someFriend(act)] };
    sent(act, act.client.sysManage.sendMentionMessage({ gid, txt: act.text, ...mentioned }), `group:${gid}`);
  },
  file: (act) => {
    const { id, isGroup } = someConversation(act);
    const file = act.file(
      `${act.text.replaceAll(' ', '-')}.bin`,
      new Uint8Array(FILE_BYTES).fill(act.chance.below(256)),
    );
    const message = { content: act.text, file };
    const { sysManage } = act.client;
    const mid = isGroup
      ? sysManage.sendGroupMessage({ gid: id, ...message })
      : sysManage.sendRosterMessage({ uid: id, ...message });
    sent(act, mid, `${isGroup ? 'group' : 'roster'}:${id}`);
  },
  'read all': (act) => {
    const { id, isGroup } = someConversation(act);
    if (isGroup) act.client.groupManage.readGroupMessage(id);
    else act.client.rosterManage.readRosterMessage(id);
  },
  'read one': (act) => {
    const uid = someFriend(act);
    const theirs = messagesOf(act, { id: uid, isGroup: false }).filter(({ from }) => from === String(uid));
    const found = theirs.at(-1 - act.chance.below(4));
    if (found) act.client.rosterManage.readRosterMessage(uid, found.id);
  },
  'unread again': (act) => {
    const uid = someFriend(act);
    const theirs = messagesOf(act, { id: uid, isGroup: false }).filter(({ from }) => from === String(uid));
    const found = theirs.at(-1 - act.chance.below(4));
    if (found) act.client.rosterManage.unreadMessage(uid, found.id);
  },
  recall: (act) => {
    const own = ownMessage(act);
    if (own) managerOf(act, own.isGroup).recallMessage(own.id, own.mid);
  },
  delete: (act) => {
    const place = someConversation(act);
    const found = messagesOf(act, place).at(-1 - act.chance.below(8));
    if (found) managerOf(act, place.isGroup).deleteMessage(place.id, found.id);
  },
  append: (act) => {
    const own = ownMessage(act);
    if (own) managerOf(act, own.isGroup).appendMessageContent(own.id, own.mid, ` +${act.text}`);
  },
  replace: (act) => {
    const own = ownMessage(act);
    if (own) managerOf(act, own.isGroup).replaceMessage(own.id, own.mid, `=${act.text}`);
  },
  draft: (act) => {
    const { id, isGroup } = someConversation(act);
    const draft = act.chance.is(0.3) ? '' : `typed ${act.text}`;
    act.client.sysManage.saveConversationDraft(id, isGroup ? 'group' : 'roster', draft);
  },
  history: (act) => {
    const { id, isGroup } = someConversation(act);
    const type = isGroup ? 'group' : 'roster';
    if (act.chance.is(0.3)) act.client.sysManage.requireHistoryMessage(id, 0, 10);
    else act.follow('getMessages', act.client.sysManage.getMessages({ id, type, limit: 1 + act.chance.below(40) }));
  },
  search: (act) => {
    act.follow('searchMessages', act.client.sysManage.searchMessages(`m${act.chance.below(40)}`));
  },
  'create a group': (act) => {
    const user_list = act.friends.filter(() => act.chance.is(0.6));
    act.follow('create', act.client.groupManage.asyncCreate({ name: act.text, user_list }));
  },
  'join a group': (act) => {
    // Who is in it takes others in.
    act.follow(
      'invite',
      act.client.groupManage.asyncInvite({ group_id: someGroup(act), user_list: [someFriend(act)] }),
    );
  },
  'leave a group': (act) => {
    const group_id = someGroup(act);
    // Everybody stays in the first one, so that there is somebody to talk to.
    if (group_id !== act.firstGroup) act.follow('leave', act.client.groupManage.asyncLeave({ group_id }));
  },
  're-login': (act) => act.relogin(),
};

/** @returns whether there was somebody to do it, and an error that should never come */
export function perform(
  actor: Actor,
  step: Step & { what: OperationName },
  seed: number,
): { isDone: boolean; surprise?: string } {
  try {
    PERFORM[step.what]({ ...actor, chance: new Chance(step.seed), text: `m${step.id} ${seed}` });
    return { isDone: true };
  } catch (error) {
    // Nobody is logged in at the moment, or the message is none that this may be done with.
    const isExpected = isFlooError(error, 'UserNotLogin') || isFlooError(error, 'InvalidParam');
    return { isDone: false, ...(!isExpected && { surprise: reasonOf(error) }) };
  }
}

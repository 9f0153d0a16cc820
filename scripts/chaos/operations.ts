// What users do on their devices.
import type { ConfigurableClient } from '../../src/client.ts';
import { isFlooError } from '../../src/errors.ts';
import type { Message } from '../../src/model/message.ts';
import { Chance } from '../../test/fuzz/random.ts';
import type { Device } from './device.ts';
import { reasonOf } from './history.ts';
import type { Life } from './history.ts';
import type { OperationName, Step } from './plan.ts';
import type { World } from './world.ts';

/** One operation on one device. */
interface Act {
  readonly world: World;
  readonly device: Device;
  readonly client: ConfigurableClient;
  readonly life: Life;
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

const someFriend = ({ world, device, chance }: Act): number =>
  chance.pick(world.users.filter(({ id }) => id !== device.user.id)).id;

/** The groups that the client knows; the first one at least. */
const groupsOf = (world: World, client: ConfigurableClient): number[] => [
  world.firstGroup,
  ...Object.keys(client.groupManage.getAllGroupDetail())
    .map(Number)
    .filter((id) => id !== world.firstGroup),
];

const someGroup = ({ world, client, chance }: Act): number => chance.pick(groupsOf(world, client));

const messagesOf = ({ client }: Act, { id, isGroup }: { id: number; isGroup: boolean }): Message[] =>
  isGroup ? client.groupManage.getGroupMessage(id) : client.rosterManage.getRosterMessageByRid(id);

/** Calls the manager that this conversation belongs to. */
const managerOf = (
  { client }: Act,
  isGroup: boolean,
): ConfigurableClient['groupManage'] | ConfigurableClient['rosterManage'] =>
  isGroup ? client.groupManage : client.rosterManage;

/** A message that the user wrote: one of the last ones, on its way or at the server. Undefined when there is none. */
function ownMessage(act: Act): { id: number; isGroup: boolean; mid: string } | undefined {
  const { device, chance } = act;
  if (chance.is(0.4)) {
    const last = device.sent.at(-1 - chance.below(3));
    if (!last) return undefined;
    const [type, id] = last.conversation.split(':') as [string, string];
    return { id: Number(id), isGroup: type === 'group', mid: String(last.mid) };
  }
  const place = someConversation(act);
  const own = messagesOf(act, place).filter(({ from }) => from === String(device.user.id));
  const found = own.at(-1 - chance.below(6));
  return found && { ...place, mid: found.id };
}

function sent(act: Act, mid: number, conversation: string): void {
  const { device, life, text, world } = act;
  device.sent.push({ mid, conversation, content: text });
  world.history.sends.push({ life, mid, conversation, content: text, at: world.history.now() });
}

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
    const file = act.device.file(
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
    else track(act, 'getMessages', act.client.sysManage.getMessages({ id, type, limit: 1 + act.chance.below(40) }));
  },
  search: (act) => {
    track(act, 'searchMessages', act.client.sysManage.searchMessages(`m${act.chance.below(40)}`));
  },
  'create a group': (act) => {
    const user_list = act.world.users
      .filter(({ id }) => id !== act.device.user.id && act.chance.is(0.6))
      .map(({ id }) => id);
    track(act, 'create', act.client.groupManage.asyncCreate({ name: act.text, user_list }));
  },
  'join a group': (act) => {
    // Who is in it takes others in.
    track(
      act,
      'invite',
      act.client.groupManage.asyncInvite({ group_id: someGroup(act), user_list: [someFriend(act)] }),
    );
  },
  'leave a group': (act) => {
    const group_id = someGroup(act);
    // Everybody stays in the first one, so that there is somebody to talk to.
    if (group_id !== act.world.firstGroup) track(act, 'leave', act.client.groupManage.asyncLeave({ group_id }));
  },
  're-login': ({ device }) => void device.relogin(),
  'new device': ({ world, chance }) => {
    const waiting = world.devices.filter(({ client, spec }) => spec.isNew && !client);
    if (waiting.length > 0) void chance.pick(waiting).start();
  },
};

function track({ world, life, device }: Act, name: string, promise: Promise<unknown>): void {
  void world.history.call(life, name, device.untilCrash(promise));
}

/** Performs an operation. @returns whether there was somebody to do it */
export function perform(world: World, step: Step & { what: OperationName }): boolean {
  const device = world.devices[step.device]!;
  const { client, life } = device;
  if (!client || !life) return false;
  const act = { world, device, client, life, chance: new Chance(step.seed), text: `m${step.id} ${world.plan.seed}` };
  try {
    PERFORM[step.what](act);
    return true;
  } catch (error) {
    // Nobody is logged in at the moment, or the message is none that this may be done with.
    if (!isFlooError(error, 'UserNotLogin') && !isFlooError(error, 'InvalidParam'))
      world.history.surprises.push(`${device.name}: ${step.what}: ${reasonOf(error)}`);
    return false;
  }
}

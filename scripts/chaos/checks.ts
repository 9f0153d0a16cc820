// What was wrong in a run. The rules are those of docs/concepts/.
import { DELIVERY_STATUS } from '../../src/model/message.ts';
import type { Message } from '../../src/model/message.ts';
import type { Shown } from './app.ts';
import type { History, Life, MessageEvent, Send } from './history.ts';
import { goneName } from './history.ts';
import type { TruthMessage, UserTruth } from './truth.ts';

export const FINDINGS = ['lost', 'duplicated', 'wrong order', 'wrong unread', 'wrong content', 'unsettled'] as const;
export interface Finding {
  readonly kind: (typeof FINDINGS)[number];
  readonly what: string;
}

const READ = DELIVERY_STATUS.read;

const compare = (a: string, b: string): number => (BigInt(a) < BigInt(b) ? -1 : a === b ? 0 : 1);

/** The store of a device beside what its user can see at the server. */
export function compareStore(
  device: string,
  truth: UserTruth,
  shown: Readonly<Record<string, Pick<Shown, 'messages' | 'unread'>>>,
): Finding[] {
  const findings: Finding[] = [];
  for (const { name, messages: expected, unread } of truth) {
    const where = `${device} ${name}`;
    const { messages, unread: shownUnread } = shown[name] ?? { messages: [], unread: 0 };
    if (shownUnread !== unread)
      findings.push({ kind: 'wrong unread', what: `${where}: ${shownUnread} unread, at the server ${unread}` });
    findings.push(...compareMessages(where, expected, messages));
  }
  return findings;
}

function compareMessages(where: string, expected: readonly TruthMessage[], shown: readonly Message[]): Finding[] {
  const findings: Finding[] = [];
  const known = new Map(expected.map((message) => [message.id, message]));
  const seen = new Set<string>();
  for (const [index, { id, content, status, toType }] of shown.entries()) {
    const before = shown[index - 1];
    if (seen.has(id)) findings.push({ kind: 'duplicated', what: `${where}: ${id} "${content}" is stored twice` });
    else if (before && compare(before.id, id) > 0)
      findings.push({ kind: 'wrong order', what: `${where}: ${before.id} is stored before ${id}` });
    seen.add(id);
    const truth = known.get(id);
    if (!truth) findings.push({ kind: 'wrong content', what: `${where}: ${id} "${content}" is not at the server` });
    else if (truth.content !== content)
      findings.push({
        kind: 'wrong content',
        what: `${where}: ${id} is "${content}", at the server "${truth.content}"`,
      });
    // Who has read a message of a group, receipts say only where it asks for them.
    else if (toType === 'roster' && (truth.status === READ) !== (status === READ))
      findings.push({
        kind: 'wrong content',
        what: `${where}: ${id} has the status ${status}, at the server ${truth.status}`,
      });
  }
  for (const { id, content } of expected)
    if (!seen.has(id)) findings.push({ kind: 'lost', what: `${where}: ${id} "${content}" is not here` });
  return findings;
}

/** Whether what was not stored yet may be lost with this life. */
const mayLose = ({ end, isDegraded }: Life): boolean => end === 'crashed' || isDegraded;

/** Every message that a user sent: one outcome, and once at the server if it is `sent`. */
export function checkSends(history: History, truths: readonly UserTruth[]): Finding[] {
  const findings: Finding[] = [];
  const atServer = new Map<string, TruthMessage>();
  for (const { messages } of truths.flat()) for (const message of messages) atServer.set(message.id, message);
  for (const send of history.sends) {
    const { life, mid, content, conversation } = send;
    const what = `device ${life.device} mid ${mid} "${content}" to ${conversation}`;
    const events = history.sending.filter((event) => event.mid === mid && event.life.device === life.device);
    const outcomes = events.filter(({ status }) => status !== 'sending');
    const sent = outcomes.filter(({ status }) => status === 'sent');
    const copies = [...atServer.values()].filter((message) => isCopy(message.content, content));
    if (copies.length > 1)
      findings.push({ kind: 'duplicated', what: `${what} is at the server as ${copies.map(({ id }) => id).join()}` });
    const place = `${what}, of ${send.at} ms in life ${life.number}, ${copies.length > 0 ? 'at the server' : 'not at the server'}`;
    findings.push(...checkOutcomes(history, send, outcomes, place));
    const [first] = sent;
    if (first) {
      const isGone = history.gone.has(goneName(life.device, mid)) || history.gone.has(first.id!);
      if (!isGone && !atServer.has(first.id!))
        findings.push({ kind: 'lost', what: `${what} is sent as ${first.id!} and not at the server` });
    } else if (outcomes.length > 0 && copies.length > 0)
      findings.push({ kind: 'duplicated', what: `${what} failed (${outcomes[0]!.reason}) and is at the server` });
  }
  return findings;
}

function checkOutcomes(
  history: History,
  { life, mid }: Send,
  outcomes: readonly { life: Life; status: string; reason: string }[],
  what: string,
): Finding[] {
  const isWithdrawn = history.gone.has(goneName(life.device, mid));
  if (outcomes.length === 0)
    return mayLose(life) || isWithdrawn ? [] : [{ kind: 'unsettled', what: `${what} is neither sent nor failed` }];
  // `sent` comes again when the run crashed before that was stored.
  const final = outcomes.filter((outcome, index) => index === outcomes.length - 1 || !mayLose(outcome.life));
  if (final.length === 1) return [];
  const list = outcomes
    .map(({ life: { number }, status, reason }) => `${status} ${reason}in life ${number}`)
    .join(', ');
  return [{ kind: 'duplicated', what: `${what}: ${list}` }];
}

/** The message at the server is this one, perhaps with more text. */
const isCopy = (content: string, text: string): boolean => content === text || content.startsWith(`${text} +`);

/** Every message event of a device: once, and in order. */
export function checkEvents(history: History): Finding[] {
  const findings: Finding[] = [];
  const news = history.messages.filter(({ arrival }) => arrival !== 'history');
  const heard = new Map<string, MessageEvent>();
  const newest = new Map<string, string>();
  for (const event of news) {
    const { life, conversation, id, content } = event;
    const where = `device ${life.device} life ${life.number} ${conversation}`;
    const name = `${life.device} ${id}`;
    const earlier = heard.get(name);
    if (earlier && (earlier.life === life || !mayLose(earlier.life)))
      findings.push({
        kind: 'duplicated',
        what: `${where}: ${id} "${content}" is emitted again (${event.arrival}), first in life ${earlier.life.number} (${earlier.arrival})`,
      });
    heard.set(name, event);
    // The answer to a send may be lost, so an own message may come after later ones.
    if (event.isOwn) continue;
    const place = `${life.device} ${life.number} ${conversation}`;
    const before = newest.get(place);
    if (before !== undefined && compare(before, id) > 0)
      findings.push({
        kind: 'wrong order',
        what: `${where}: ${id} "${content}" is emitted (${event.arrival}) after ${before}`,
      });
    if (before === undefined || compare(before, id) < 0) newest.set(place, id);
  }
  return findings;
}

/** Every message that is there has been emitted. @param device - its number */
export function checkHeard(history: History, device: number, name: string, truth: UserTruth): Finding[] {
  const lives = history.lives.filter((life) => life.device === device);
  // What was stored when it crashed may not be emitted any more.
  if (lives.some(({ end }) => end === 'crashed')) return [];
  const heard = new Set(history.messages.filter(({ life }) => life.device === device).map(({ id }) => id));
  return truth.flatMap(({ name: conversation, messages }) =>
    messages
      .filter(({ id }) => !heard.has(id))
      .map(({ id, content }): Finding => ({
        kind: 'lost',
        what: `${name} ${conversation}: ${id} "${content}" has no event`,
      })),
  );
}

/** Calls without an outcome, and what should never happen. */
export function checkCalls(history: History): Finding[] {
  const pending = history.calls.filter(({ outcome }) => outcome === 'pending');
  return [
    ...pending.map(({ life, name, at }): Finding => ({
      kind: 'unsettled',
      what: `device ${life.device} life ${life.number}: ${name} of ${at} ms has no outcome`,
    })),
    ...history.surprises.map((what): Finding => ({ kind: 'unsettled', what })),
  ];
}

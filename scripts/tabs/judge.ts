// Compares what every tab got and shows with what the server has.
import type { Happened, View } from './page.ts';
import type { Seat } from './seat.ts';

/** The numbers of the texts of one sender rise: `sender.number`. */
const streamOf = (text: string): string => text.slice(0, text.lastIndexOf('.'));
const numberOf = (text: string): number => Number(text.slice(text.lastIndexOf('.') + 1));

export const PEER = 'peer';

export interface Mistakes {
  lost: string[];
  duplicated: string[];
  outOfOrder: string[];
  /** Tabs that do not show the same. */
  unlike: string[];
}

/** What is known of one life of a tab. */
export type JudgedSeat = Pick<Seat, 'name' | 'asked' | 'happened' | 'isGone'>;

export interface Evidence {
  /** The texts at the server, the oldest first. */
  server: readonly string[];
  /** What the peer sent. */
  peer: readonly string[];
  seats: readonly JudgedSeat[];
  /** What the tabs that are left show. */
  views: ReadonlyMap<JudgedSeat, View>;
}

export function judge(evidence: Evidence): Mistakes {
  const { server, peer, seats, views } = evidence;
  const mistakes: Mistakes = { lost: [], duplicated: [], outOfOrder: [], unlike: [] };
  const atServer = new Set(server);
  // A tab that went may not have come to do what it was asked for.
  const promised = [...peer, ...seats.filter(({ isGone }) => !isGone).flatMap(({ asked }) => asked.map(textOf))];
  for (const text of promised) if (!atServer.has(text)) mistakes.lost.push(`server: ${text}`);
  findDoubled('server', server, mistakes);
  findMisplaced('server', server, mistakes);
  for (const [seat, view] of views) judgeView(seat.name, view, server, mistakes);
  for (const seat of seats) judgeEvents(seat, evidence, mistakes);
  const lists = new Set([...views.values()].map(({ list }) => list));
  if (lists.size > 1) mistakes.unlike.push(...[...lists].map((list) => `list ${list}`));
  return mistakes;
}

const textOf = ({ text }: { text: string }): string => text;
const isMessage = (event: Happened): event is Happened & { type: 'message' } => event.type === 'message';
const isSent = (event: Happened): event is Happened & { type: 'sent' } => event.type === 'sent';

/** What other tabs had an event of before a time: a tab that joins then shows it, and has none. */
const seenBefore = (time: number, seats: readonly JudgedSeat[]): ReadonlySet<string> =>
  new Set(seats.flatMap(({ happened }) => happened.filter(({ at }) => at < time).filter(isMessage)).map(textOf));

function judgeView(name: string, { pages, newest }: View, server: readonly string[], mistakes: Mistakes): void {
  const tail = server.slice(-newest.length);
  for (const [place, shown, expected] of [
    [`${name} pages`, pages, server],
    [`${name} newest`, newest, tail],
  ] as const) {
    const has = new Set(shown);
    for (const text of expected) if (!has.has(text)) mistakes.lost.push(`${place}: ${text}`);
    findDoubled(place, shown, mistakes);
    // In the order of the server.
    const at = new Map(expected.map((text, index) => [text, index]));
    let last = -1;
    for (const text of shown) {
      const index = at.get(text) ?? -1;
      if (index < last) mistakes.outOfOrder.push(`${place}: ${text}`);
      last = index;
    }
  }
}

/** Every tab gets every event once: from when it has joined to its last, or, when it is still there, to the server's last. */
function judgeEvents(seat: JudgedSeat, { server, seats }: Evidence, mistakes: Mistakes): void {
  const { name, happened, isGone } = seat;
  const joined = happened[0]?.at ?? Infinity;
  const got = happened.filter(isMessage).map(textOf);
  findDoubled(`${name} events`, got, mistakes);
  findMisplaced(
    `${name} events`,
    got.filter((text) => streamOf(text) === PEER),
    mistakes,
  );
  const places = new Map(server.map((text, index) => [text, index]));
  const indexes = got.map((text) => places.get(text) ?? -1).filter((index) => index >= 0);
  if (indexes.length > 0) {
    const seen = new Set(got);
    const before = seenBefore(joined, seats);
    const end = isGone ? Math.max(...indexes) : server.length;
    for (const text of server.slice(Math.min(...indexes), end))
      // The last ones of a tab that is gone may have come out of the order of the server.
      if (!seen.has(text) && !before.has(text) && !(isGone && streamOf(text) !== PEER))
        mistakes.lost.push(`${name} events: ${text}`);
  } else if (!isGone) mistakes.lost.push(`${name} events: all`);

  const sent = happened.filter(isSent).map(textOf);
  findDoubled(`${name} sent`, sent, mistakes);
  // The bytes of a file whose tab went before it had kept them are gone with it, and the message fails.
  const gone = new Set(seats.filter((one) => one.isGone).map((one) => `${one.name}file`));
  for (const event of happened)
    if (event.type === 'failed' && !gone.has(streamOf(event.text)))
      mistakes.lost.push(`${name} failed: ${event.text} (${event.reason})`);
  if (isGone) return;
  const answered = new Set(sent);
  for (const { asked } of seats)
    for (const { text, at } of asked)
      if (at > joined && places.has(text) && !answered.has(text)) mistakes.lost.push(`${name} sent: ${text}`);
}

function findDoubled(place: string, texts: readonly string[], { duplicated }: Mistakes): void {
  const seen = new Set<string>();
  for (const text of texts) {
    if (seen.has(text)) duplicated.push(`${place}: ${text}`);
    seen.add(text);
  }
}

function findMisplaced(place: string, texts: readonly string[], { outOfOrder }: Mistakes): void {
  const last = new Map<string, number>();
  for (const text of texts) {
    const [stream, number] = [streamOf(text), numberOf(text)];
    if (number < (last.get(stream) ?? -1)) outOfOrder.push(`${place}: ${text} after ${last.get(stream)}`);
    last.set(stream, number);
  }
}

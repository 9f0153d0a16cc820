// npm run --silent bench [-- --json]: sends built and pages read a second, beside protobufjs reflection on the same pages.
import { performance } from 'node:perf_hooks';
import type { SyncedMessage } from '../../src/model/message.ts';
import { conversationKey } from '../../src/store/schema.ts';
import { toMessage } from '../../src/sync/message-mapper.ts';
import { messageEntry, sendFrame } from '../../src/sync/outgoing.ts';
import type { ReceivedMessage } from '../../src/sync/message-mapper.ts';
import { decodeFrame } from '../../src/wire/decode-frame.ts';
import { encodeFrame } from '../../src/wire/encode-frame.ts';
import type { MessageMeta } from '../../src/wire/frame-types.ts';
import type { IMessageBody } from '../../src/wire/message-types.ts';
import { typeOf } from '../unit/wire/reflection.ts';
import type { Decoded } from '../unit/wire/reflection.ts';

const PAGE_MESSAGES = 100;
const PAGES = 16;
const ROUNDS = 11;
const ROUND_MS = 150;
const WARM_UP_MS = 600;

const SELF = { uid: '6597478514528', deviceSN: 12 };
const PEER = { uid: '6597478514688', deviceSN: 0 };
const CONVERSATION = conversationKey('roster', PEER.uid);
const FIRST_MID = 1_700_000_000_000;
const TEXTS = [
  'ok',
  'hello 你好 👋',
  'See you at the station at half past seven, platform four.',
  '好的，明天下午三点在公司楼下见面，记得带上资料。',
];

/** One text as the SDK builds and encodes it, with its outbox row: sync-engine's send, without the store. */
function buildTextSend(i: number): Uint8Array {
  const mid = String(FIRST_MID + i);
  const draft = { content: TEXTS[i % TEXTS.length]!, type: 'text' } as const;
  const { meta } = messageEntry(mid, CONVERSATION, draft, SELF.uid, FIRST_MID + i, '0');
  return encodeFrame(sendFrame(mid, meta, SELF), 'up');
}

/** Turns the bytes of a page into the messages of the app: like applyPage of sync, without the store. */
function toMessages(page: Uint8Array): SyncedMessage[] {
  const frame = decodeFrame(page, 'down');
  if (frame.command !== 1) throw new Error('no page');
  return frame.payload!.metas!.map((meta) => toMessage(meta as ReceivedMessage, false));
}

/** A page of text: both directions, ids and times that grow, every fifth with an ext. */
function buildPage(no: number): Buffer {
  const metas = Array.from({ length: PAGE_MESSAGES }, (_, k): MessageMeta => {
    const i = no * PAGE_MESSAGES + k;
    const mine = i % 3 === 0;
    const payload: IMessageBody = {
      type: 2,
      content: `${TEXTS[i % TEXTS.length]!} ${i}`,
      ctype: 0,
      operation: { type: 0, mid: '0' },
    };
    if (i % 5 === 0) payload.ext = `{"seq":${i}}`;
    return {
      id: String(1_633_520_001 + i * 256),
      from: mine ? SELF : PEER,
      to: mine ? PEER : SELF,
      timestamp: String(FIRST_MID + i * 1000),
      ns: 1,
      payload,
    };
  });
  const page = { status: { code: 1 }, metas, next_key: '1633999999', xid: PEER };
  return Buffer.from(encodeFrame({ vsn: 0, compress_method: 0, command: 1, payload: page }, 'down'));
}

const Frame = typeOf('Frame').setup();
const SyncDL = typeOf('SyncDL').setup();
const MessageBody = typeOf('MessageBody').setup();

/** The yardstick: bare fields of everything in a page, by protobufjs' reflection, from a Buffer, which it reads fastest. */
function reflectPage(page: Buffer): object[] {
  const frame = Frame.decode(page) as Decoded<{ payload: Buffer }>;
  const { metas } = SyncDL.decode(frame.payload) as Decoded<{ metas: { payload: Buffer }[] }>;
  return metas.map((meta) => MessageBody.decode(meta.payload));
}

interface Contender {
  name: string;
  /** Does the `i`th piece of work; returns how many messages that was. */
  run(i: number): number;
}

// Separate, so that each reader gets its usual kind of bytes: the socket of a browser gives an ArrayBuffer.
const buffers = Array.from({ length: PAGES }, (_, no) => buildPage(no));
const arrays = buffers.map((page) => new Uint8Array(page));

const contenders = {
  send: { name: 'text sends built and encoded', run: (i) => (buildTextSend(i).length > 0 ? 1 : 0) },
  reflection: {
    name: 'page read to bare fields by protobufjs reflection',
    run: (i) => reflectPage(buffers[i % PAGES]!).length,
  },
  read: { name: 'page read to app messages by us', run: (i) => toMessages(arrays[i % PAGES]!).length },
} satisfies Record<string, Contender>;

type Name = keyof typeof contenders;
const names = Object.keys(contenders) as Name[];

function messagesPerSecond({ run }: Contender, ms: number): number {
  const CHECK_EVERY = 8;
  const start = performance.now();
  let messages = 0;
  let elapsed = 0;
  for (let i = 0; elapsed < ms; elapsed = performance.now() - start) {
    for (let k = 0; k < CHECK_EVERY; k++) messages += run(i++);
  }
  return (messages / elapsed) * 1000;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function measure(): Record<Name, number> {
  for (const name of names) messagesPerSecond(contenders[name], WARM_UP_MS);
  const rates: Record<Name, number[]> = { send: [], reflection: [], read: [] };
  // In turns, so that a busy moment of the machine affects all of them.
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) rates[name].push(messagesPerSecond(contenders[name], ROUND_MS));
  }
  return { send: median(rates.send), reflection: median(rates.reflection), read: median(rates.read) };
}

const rates = measure();
const ratio = (rate: number): number => Number((rate / rates.reflection).toFixed(2));
if (process.argv.includes('--json')) {
  const { send, reflection, read } = rates;
  console.log(
    JSON.stringify({
      sendsPerSecond: Math.round(send),
      reflectionMessagesPerSecond: Math.round(reflection),
      readMessagesPerSecond: Math.round(read),
      readToReflection: ratio(read),
      sendToReflection: ratio(send),
    }),
  );
} else {
  console.log(`pages of ${PAGE_MESSAGES}, median of ${ROUNDS} rounds, Node ${process.versions.node}`);
  for (const name of names) {
    const rate = Math.round(rates[name]).toLocaleString('en').padStart(12);
    console.log(`${contenders[name].name.padEnd(52)}${rate}/s  ×${ratio(rates[name]).toFixed(2)}`);
  }
}

import { readFileSync } from 'node:fs';
import { encodeFrame, FrameCommand, FrameCompressMethod, MetaNameSpace } from '../../src/wire/index.ts';
import type { DownFrame, Meta } from '../../src/wire/index.ts';
import type { Chance } from './random.ts';

/** What an input is, and so where it goes. */
export const KINDS = ['frame', 'packet', 'json', 'rest', 'dns', 'stored'] as const;
export type Kind = (typeof KINDS)[number];

/** One input. Text is its UTF-8, so that each can be printed and replayed. */
export interface Input {
  readonly kind: Kind;
  readonly bytes: Uint8Array;
}

export const textOf = ({ bytes }: Input): string => Buffer.from(bytes).toString('utf8');
const ofText = (kind: Kind, text: string): Input => ({ kind, bytes: new Uint8Array(Buffer.from(text)) });

/** The user of the session, a peer of theirs, and others. */
export const SELF = '6597478514528';
export const PEER = '6597478514688';
const UIDS = [SELF, PEER, '0', '6597478514689', '18446744073709551615', '7'];

const { vectors } = JSON.parse(readFileSync(new URL('../fixtures/xsync-frames.json', import.meta.url), 'utf8')) as {
  vectors: { direction: string; hex: string }[];
};
const GOLDEN = vectors.filter(({ direction }) => direction === 'down').map(({ hex }) => Buffer.from(hex, 'hex'));

const PACKETS = [
  '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":5000}',
  ...['40', '41', '1', '2', '2probe', '3', '6', '44"no"', '42["frame",{}]', '43[]', '40/other,'],
  ...['451-["frame",{"_placeholder":true,"num":0}]', '451-12["frame",{"_placeholder":true,"num":0}]', '461-3["x"]'],
  ...['452-["frame",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]', '45999999999-["frame",{"num":5}]'],
  ...['b4GAEiAA==', 'b4====', 'b4', 'bGAEiAA=='],
];

const ANSWERS = [
  '{"code":200,"data":true}',
  '{"code":200,"data":[]}',
  '{"code":200,"data":{"user_id":6597478514528,"token":"t","username":"alice"}}',
  '{"code":200,"data":[6597478514688,6597478514689],"cursor":"next"}',
  '{"code":200,"data":[{"user_id":6597478514688,"username":"bob","nick_name":"Bob"}],"total":1}',
  '{"code":200,"data":[{"group_id":7,"name":"group","owner":6597478514528}]}',
  '{"code":10002,"message":"bad"}',
  '<html>502</html>',
];

const DNS =
  '{"code":200,"data":{"app_status":"normal","dns_list":[{"group_level":0,"clusters":[{"ratel":[{"protocol":"http",' +
  '"host":"127.0.0.1:1","ip_list":["127.0.0.1"]}],"webim":[{"protocol":"http","host":"127.0.0.1:1"}],"rtc":[]}]}]}}';

export function makeInput(kind: Kind, chance: Chance): Input {
  switch (kind) {
    case 'frame':
      return { kind, bytes: frame(chance) };
    case 'packet':
      return ofText(kind, chance.is(0.3) ? chance.pick(PACKETS) : chance.damagedText(chance.pick(PACKETS)));
    case 'json':
      return ofText(kind, chance.is(0.3) ? chance.costly() : maybeDamaged(chance, chance.json()));
    case 'rest':
      return ofText(kind, chance.is(0.1) ? chance.costly() : maybeDamaged(chance, answer(chance)));
    case 'dns':
      return ofText(
        kind,
        chance.is(0.1) ? chance.costly() : maybeDamaged(chance, chance.is(0.5) ? DNS : answer(chance)),
      );
    default:
      return ofText(kind, chance.is(0.2) ? chance.costly() : maybeDamaged(chance, chance.json()));
  }
}

const maybeDamaged = (chance: Chance, text: string): string => (chance.is(0.5) ? text : chance.damagedText(text));

const answer = (chance: Chance): string =>
  chance.is(0.4) ? chance.pick(ANSWERS) : `{"code":200,"data":${chance.json()},"cursor":${chance.json(1)}}`;

function frame(chance: Chance): Uint8Array {
  if (chance.is(0.3)) return chance.damaged(chance.pick(GOLDEN));
  const whole = encodeFrame(downFrame(chance), 'down');
  return chance.is(0.4) ? chance.damaged(whole) : whole;
}

/** A frame that is well formed, and wrong in what it says. */
function downFrame(chance: Chance): DownFrame {
  const compress_method = chance.is(0.3) ? FrameCompressMethod.ZLIB : FrameCompressMethod.NONE;
  const xid = { uid: chance.pick(UIDS) };
  const metas = Array.from({ length: chance.pick([0, 1, 3, 30]) }, () => meta(chance));
  switch (chance.below(8)) {
    case 0: {
      const unread = Array.from({ length: chance.below(5) }, () => ({
        xid: { uid: chance.pick(UIDS) },
        n: chance.below(3),
        type: chance.below(4),
      }));
      return { compress_method, command: FrameCommand.UNREAD, payload: { unread } };
    }
    case 1:
      return { compress_method, command: FrameCommand.NOTICE, payload: { xid } };
    case 2:
      return { compress_method, command: FrameCommand.PROVISION, payload: { status: { code: chance.below(21) }, xid } };
    case 3: {
      const status = { code: chance.below(21), reason: chance.pick(['', 'client msg id duplicated', 'no']) };
      const mid = String(chance.below(5));
      const payload = { client_mid: mid, server_mid: String(chance.below(1e6)), status };
      return { compress_method, command: FrameCommand.SYNC, payload };
    }
    default: {
      const payload = {
        ...(chance.is(0.8) && { xid }),
        metas,
        next_key: chance.pick(['0', '0', '1', '99', '18446744073709551615']),
        prev_mid: chance.pick(['0', '5', '18446744073709551615']),
        is_full_sync: chance.is(0.3),
        is_eager_sync: chance.is(0.2),
      };
      return { compress_method, command: FrameCommand.SYNC, payload };
    }
  }
}

/** Notices about the account may end the session, as they should. */
const NAMESPACES = Object.values(MetaNameSpace).filter((ns) => ns !== MetaNameSpace.USER_NOTICE);

function meta(chance: Chance): Meta {
  const xid = (): { uid: string; deviceSN: number } => ({ uid: chance.pick(UIDS), deviceSN: chance.below(3) });
  const text = (): string => (chance.is(0.05) ? chance.costly() : chance.is(0.5) ? chance.json() : 'hello 你好');
  const id = chance.pick(['0', String(chance.below(200)), '18446744073709551615', '9007199254740993']);
  const operation = { type: chance.below(11), mid: String(chance.below(200)), xid: xid() };
  const payload = {
    type: chance.below(5),
    ctype: chance.below(10),
    content: text(),
    config: text(),
    attachment: text(),
    ext: text(),
    operation,
    edit_timestamp: String(chance.below(1e6)),
  };
  const ns = chance.pick(NAMESPACES);
  const head = { id, from: xid(), to: xid(), timestamp: String(chance.below(1e12)), ns };
  if (ns === MetaNameSpace.MESSAGE) return { ...head, payload } as Meta;
  const notice = { type: chance.below(30), gid: xid(), from: xid(), to: [xid()], content: text(), operation };
  return { ...head, payload: notice } as Meta;
}

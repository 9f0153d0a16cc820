import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame, MAX_FRAME_BYTES } from '../../../src/wire/index.ts';
import type { Direction, DownFrame } from '../../../src/wire/index.ts';
import { reflect, typeOf } from './reflection.ts';
import {
  bytesField,
  bytesOf,
  concat,
  frameOf,
  groups,
  message,
  page,
  plain,
  rawFrame,
  refusal,
  varint,
  varintField,
  vectors,
} from './vectors.ts';

const UNREAD = 0;
const SYNC = 1;
const NOTICE = 2;

/** Each direction has its own types; the vector names its direction. */
const encode = (frame: DownFrame, direction: Direction): Uint8Array => encodeFrame(frame, direction as 'down');

const messageOf = (id: string, content: string): object => ({ id, ns: 1, payload: { type: 2, content } });

describe.each(vectors.map((vector) => [`${vector.direction}: ${vector.name}`, vector] as const))(
  '%s',
  (_title, vector) => {
    test('decodes to exactly the fields on the wire', () => {
      expect(plain(decodeFrame(bytesOf(vector.hex), vector.direction))).toEqual(vector.frame);
      expect(plain(decodeFrame(Buffer.from(vector.hex, 'hex'), vector.direction))).toEqual(vector.frame);
    });

    test('encodes to bytes that we and protobufjs reflection read as the same fields', () => {
      const bytes = encode(frameOf(vector), vector.direction);
      expect(plain(decodeFrame(bytes, vector.direction))).toEqual(vector.frame);
      expect(plain(reflect(bytes, vector.direction))).toEqual(vector.frame);
      const again = encode(decodeFrame(bytes, vector.direction), vector.direction);
      expect(Buffer.from(again)).toEqual(Buffer.from(bytes));
    });

    test('is the same when its payload travels compressed', () => {
      const frame = { ...vector.frame, compress_method: 1 } as DownFrame;
      expect(plain(decodeFrame(encode(frame, vector.direction), vector.direction))).toEqual(frame);
    });
  },
);

describe('a notice', () => {
  const xid = { uid: '6597478514688', deviceSN: 7 };
  const bytes = concat(varintField(1, 6597478514688), varintField(2, 7));

  test('is read as Notice {xid} and as the XID itself', () => {
    expect(decodeFrame(rawFrame(NOTICE, bytesField(1, bytes)), 'down').payload).toEqual({ xid });
    expect(decodeFrame(rawFrame(NOTICE, bytes), 'down').payload).toEqual({ xid });
    expect(decodeFrame(rawFrame(NOTICE, varintField(2, 7)), 'down').payload).toEqual({ xid: { deviceSN: 7 } });
  });

  test('without an xid is still a notice', () => {
    expect(decodeFrame(rawFrame(NOTICE, new Uint8Array(0)), 'down').payload).toEqual({});
    expect(decodeFrame(varintField(3, NOTICE), 'down')).toEqual({ command: NOTICE });
  });

  test('cannot be sent to the server', () => {
    expect(refusal(rawFrame(NOTICE, bytes), 'up')).toBe('unknown-command');
  });
});

describe('a page', () => {
  const cutBody = concat(varintField(1, 7), varintField(5, 1), bytesField(6, Uint8Array.from([0x22, 0x7f, 0x61])));
  const rest = concat(varintField(3, 42), bytesField(4, varintField(1, 5)));
  const restOf = { next_key: '42', xid: { uid: '5' } };

  test('loses only the item whose payload does not decode', () => {
    const frame = page(
      rawFrame(
        SYNC,
        concat(bytesField(2, message(6, 'a')), bytesField(2, cutBody), bytesField(2, message(8, 'b')), rest),
      ),
    );
    expect(plain(frame.payload)).toEqual({ metas: [messageOf('6', 'a'), messageOf('8', 'b')], ...restOf });
    expect(frame.skipped).toEqual([{ id: '7', ns: 1, reason: expect.any(String) }]);
  });

  test('loses only the item that does not decode itself', () => {
    const broken = Uint8Array.from([0x08, 0x80]);
    const frame = page(
      rawFrame(
        SYNC,
        concat(bytesField(2, message(6, 'a')), bytesField(2, broken), bytesField(2, message(8, 'b')), rest),
      ),
    );
    expect(plain(frame.payload)).toEqual({ metas: [messageOf('6', 'a'), messageOf('8', 'b')], ...restOf });
    expect(frame.skipped).toEqual([{ id: '0', ns: 0, reason: expect.any(String) }]);
  });

  test('loses an item of groups nested too deep, and nothing else', () => {
    const deep = concat(varintField(1, 7), groups(200));
    const frame = page(rawFrame(SYNC, concat(bytesField(2, deep), bytesField(2, message(8, 'b')), rest)));
    expect(plain(frame.payload)).toEqual({ metas: [messageOf('8', 'b')], ...restOf });
    expect(frame.skipped?.length).toBe(1);
  });

  test('is malformed when its last item passes its end: the bytes after it must not be read as fields of the page', () => {
    const inside = concat(varintField(6, 666), varintField(3, 666));
    const cut = concat(bytesField(2, message(6, 'a')), varint(2 * 8 + 2), varint(inside.length + 1), inside);
    expect(refusal(rawFrame(SYNC, cut))).toBe('malformed');
  });

  test('is malformed when it breaks outside of its items', () => {
    expect(
      refusal(rawFrame(SYNC, concat(bytesField(2, Uint8Array.from([0x08, 0x80])), Uint8Array.from([0x18, 0x80])))),
    ).toBe('malformed');
    expect(refusal(rawFrame(SYNC, bytesField(1, Uint8Array.from([0x08]))))).toBe('malformed');
  });

  test('keeps the bytes of a namespace it does not know, and writes them back', () => {
    const meta = concat(varintField(1, 7), varintField(5, 77), bytesField(6, Uint8Array.from([0xff, 0xfe])));
    const frame = page(rawFrame(SYNC, bytesField(2, meta)));
    expect(plain(frame.payload.metas)).toEqual([{ id: '7', ns: 77, payload: 'fffe' }]);
    expect(frame.skipped).toBeUndefined();
    expect(plain(decodeFrame(encodeFrame(frame, 'down'), 'down'))).toEqual(plain(frame));
  });

  test('has the fields of SyncDL, with its items as bytes', () => {
    const schema = (name: string): object =>
      Object.fromEntries(
        typeOf(name).fieldsArray.map(({ name, id, type, repeated }) => [name, { id, type, repeated }]),
      );
    expect(schema('SyncPage')).toEqual({ ...schema('SyncDL'), metas: { id: 2, type: 'bytes', repeated: true } });
  });

  test('of the client has one item, and that must decode', () => {
    expect(refusal(rawFrame(SYNC, bytesField(3, cutBody)), 'up')).toBe('malformed');
  });
});

describe('a frame', () => {
  test('of no bytes is an empty UNREAD', () => {
    const frame = decodeFrame(new Uint8Array(0), 'down');
    expect(frame).toEqual({});
    expect(frame.command).toBe(UNREAD);
  });

  test('with an unknown command is refused, in and out', () => {
    for (const command of [4, 99, 2 ** 31, 2n ** 64n - 1n])
      expect(refusal(rawFrame(command as number, new Uint8Array(0)))).toBe('unknown-command');
    expect(() => encodeFrame({ command: 4 } as never, 'down')).toThrow(/^unknown-command/);
    expect(() => encodeFrame({ command: NOTICE } as never, 'up')).toThrow(/^unknown-command/);
    expect(() => encodeFrame({} as never, 'up')).toThrow(/^unknown-command/);
  });

  test('that is encrypted is refused before its payload is looked at', () => {
    for (const method of [1, 2, 3, 9])
      expect(refusal(rawFrame(99, Uint8Array.from([0xff]), varintField(5, method)))).toBe('encrypted');
  });

  test('over the limit is refused; of exactly the limit is read', () => {
    const fill = MAX_FRAME_BYTES - 5;
    const whole = bytesField(8, new Uint8Array(fill).fill(97));
    expect(whole.length).toBe(MAX_FRAME_BYTES);
    expect((decodeFrame(whole, 'down').tag ?? '').length).toBe(fill);
    expect(refusal(concat(whole, varintField(1, 0)))).toBe('too-large');
  });

  test('skips fields it does not know, of every wire type', () => {
    const unknown = concat(
      varintField(100, 2n ** 64n - 1n),
      concat(varint(101 * 8 + 1), new Uint8Array(8)),
      bytesField(102, 'text'),
      groups(50),
      concat(varint(103 * 8 + 5), new Uint8Array(4)),
    );
    const bytes = rawFrame(SYNC, concat(unknown, varintField(3, 42), unknown), unknown);
    expect(decodeFrame(bytes, 'down')).toEqual({ command: SYNC, payload: { metas: [], next_key: '42' } });
  });

  test('of groups nested too deep, not closed or not opened is malformed', () => {
    for (const depth of [200, 100_000]) expect(refusal(concat(varintField(3, SYNC), groups(depth)))).toBe('malformed');
    expect(refusal(varint(99 * 8 + 3))).toBe('malformed');
    expect(refusal(varint(99 * 8 + 4))).toBe('malformed');
    expect(refusal(varint(99 * 8 + 6))).toBe('malformed');
  });

  test('with text that is not UTF-8 keeps its fields and those after it', () => {
    const bad = [
      [0xff],
      [0xc3],
      [0xe4, 0xbd],
      [0xf0, 0x9f, 0x91],
      [0xed, 0xa0, 0x80],
      [0xc0, 0x80],
      [0xf8, 0x88, 0x80, 0x80, 0x80],
      [0x80],
    ];
    for (const bytes of bad) {
      for (const before of ['', 'x'.repeat(100)]) {
        const status = concat(bytesField(2, before, Uint8Array.from(bytes)), varintField(1, 7));
        const frame = page(rawFrame(SYNC, concat(bytesField(1, status), varintField(3, 42))));
        expect(frame.payload.status?.code).toBe(7);
        expect(frame.payload.status?.reason?.startsWith(before)).toBe(true);
        expect(frame.payload.next_key).toBe('42');
      }
    }
  });

  test('reads each byte that is not part of a character as U+FFFD', () => {
    for (const bytes of [
      [0x80],
      [0xc1, 0xbf],
      [0xe4, 0xbd],
      [0xed, 0xa0, 0x80],
      [0xf5, 0x80],
      [0xf9, 0x80, 0x80, 0x80],
    ]) {
      const reason = page(rawFrame(SYNC, bytesField(1, bytesField(2, 'a', Uint8Array.from(bytes), 'b')))).payload.status
        ?.reason;
      expect(reason).toBe(`a${'\ufffd'.repeat(bytes.length)}b`);
    }
  });

  test('keeps text of one to four bytes a character, short and long', () => {
    for (const text of [
      '',
      'a\0b',
      'é',
      '你好',
      '👋🏽',
      '\u{10ffff}',
      '\ufeff',
      'x'.repeat(48),
      '你'.repeat(16),
      '👋'.repeat(9000),
    ]) {
      const bytes = encodeFrame({ command: SYNC, payload: { status: { code: 2, reason: text } } }, 'down');
      expect(page(bytes).payload.status?.reason).toBe(text);
      expect(reflect(bytes, 'down')).toMatchObject({ payload: { status: { reason: text } } });
    }
  });

  test('reads absent fields as their zero values, which are not own properties', () => {
    const { payload } = page(rawFrame(SYNC, bytesField(2, varintField(1, 7))));
    const meta = payload.metas![0]!;
    expect(Object.keys(meta)).toEqual(['id']);
    expect([meta.timestamp, meta.ns, meta.from, payload.next_key, payload.is_full_sync, payload.status]).toEqual([
      '0',
      0,
      null,
      '0',
      false,
      null,
    ]);
  });
});

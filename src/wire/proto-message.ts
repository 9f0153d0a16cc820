import type { ProtoReader } from './proto-reader.ts';
import type { ProtoWriter } from './proto-writer.ts';

/** Absent fields read as their proto3 zero value ("0" for 64-bit numbers); only what was on the wire is an own property. */
export interface Codec<T> {
  new (): Required<T>;
  encode(message: T, writer: ProtoWriter): ProtoWriter;
  /** @param length bytes of an embedded message; undefined: up to the end. */
  decode(reader: ProtoReader, length?: number): Required<T>;
}

/** The number of a field × 8 + its kind; of a message with its codec and whether it is a list. */
export type FieldShape = number | readonly [shape: number, codec: Codec<object>, isList?: boolean];

interface Field {
  readonly name: string;
  readonly shape: number;
  readonly codec: Codec<object> | undefined;
  readonly isList: boolean | undefined;
}

// The kinds are the last three bits of a shape, as scripts/proto.mjs writes them: uint32, int32, sint32, uint64, bool, string,
// bytes, message. From STRING on the wire type is 2.
const STRING = 5;

/** What an absent field reads as, by kind. */
const ZEROS = [0, 0, 0, '0', false, '', null, null];

function readField(reader: ProtoReader, { shape, codec }: Field): unknown {
  switch (shape & 7) {
    case 0:
      return reader.uint32();
    case 1:
      return reader.int32();
    case 2:
      return reader.sint32();
    case 3:
      return reader.uint64();
    case 4:
      return reader.bool();
    case 5:
      return reader.string();
    case 6:
      return reader.bytes();
    default:
      return codec!.decode(reader, reader.uint32());
  }
}

function writeField(writer: ProtoWriter, { shape, codec }: Field, value: never): unknown {
  const kind = shape & 7;
  writer.uint32((shape & ~7) | (kind < STRING ? 0 : 2));
  switch (kind) {
    case 0:
      return writer.uint32(value);
    case 1:
      return writer.int32(value);
    case 2:
      return writer.sint32(value);
    case 3:
      return writer.uint64(value);
    case 4:
      return writer.bool(value);
    case 5:
      return writer.string(value);
    case 6:
      return writer.bytes(value);
    default:
      return codec!.encode(value, writer.fork()).ldelim();
  }
}

/** Reads a field of this number into the message; false when there is none. */
type ReadInto = (reader: ProtoReader, message: never, number: number) => boolean;

/**
 * The codec of a message with these fields, which are in the order of their numbers.
 *
 * @param readInto does for these fields what their table says, a quarter faster: for what pages are full of.
 */
export function messageCodec(shapes: Readonly<Record<string, FieldShape>>, readInto?: ReadInto): Codec<object> {
  const fields = Object.entries(shapes).map(([name, of]): Field => {
    const [shape, codec, isList] = typeof of === 'number' ? [of] : of;
    return { name, shape, codec, isList };
  });
  const lists = fields.filter(({ isList }) => isList);
  const byNumber: (Field | undefined)[] = [];

  class Message {
    [field: string]: unknown;
    constructor() {
      for (const { name } of lists) this[name] = [];
    }

    /** Own properties that are not null or undefined go on the wire. */
    static encode(message: Record<string, unknown>, writer: ProtoWriter): ProtoWriter {
      for (const field of fields) {
        const value = message[field.name];
        if (value == null || !Object.prototype.hasOwnProperty.call(message, field.name)) continue;
        if (field.isList) for (const one of value as never[]) writeField(writer, field, one);
        else writeField(writer, field, value as never);
      }
      return writer;
    }

    static decode(reader: ProtoReader, length?: number): Message {
      const message = new Message();
      const outerEnd = reader.len;
      const end = length === undefined ? outerEnd : reader.pos + length;
      if (end > outerEnd) throw new RangeError('a message passes the end');
      reader.len = end;
      while (reader.pos < end) {
        const tag = reader.uint32();
        if (readInto?.(reader, message as never, tag >>> 3)) continue;
        const field = byNumber[tag >>> 3];
        if (!field) reader.skipType(tag & 7);
        else if (field.isList) (message[field.name] as unknown[]).push(readField(reader, field));
        else message[field.name] = readField(reader, field);
      }
      if (reader.pos !== end) throw new RangeError('a field passes the end of its message');
      reader.len = outerEnd;
      return message;
    }
  }
  for (const field of fields) {
    byNumber[field.shape >>> 3] = field;
    Message.prototype[field.name] = field.isList ? [] : ZEROS[field.shape & 7];
  }
  return Message;
}

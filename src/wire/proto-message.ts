import { passesEnd } from './proto-reader.ts';
import type { ProtoReader } from './proto-reader.ts';
import { ProtoWriter } from './proto-writer.ts';

type OnDamaged = (error: unknown) => void;

/** Absent fields read as their proto3 zero value ("0" for 64-bit numbers); only what was on the wire is an own property. */
export interface Codec<T> {
  new (): Required<T>;
  encode(message: T, writer: ProtoWriter): ProtoWriter;
  /**
   * @param length bytes of an embedded message; undefined: up to the end.
   * @param onDamaged is told why an item of a list cannot be read, which is then left out; undefined: nothing can be read.
   */
  decode(reader: ProtoReader, length?: number, onDamaged?: OnDamaged): Required<T>;
}

/**
 * The kind of a field, with 8 × its number when that is not one more than the number before. Of a message its codec instead, in
 * an array for a list.
 */
export type FieldShape = number | Codec<object> | readonly [Codec<object>];

interface Field {
  readonly name: string;
  readonly number: number;
  readonly kind: number;
  /** Looked up once: calling it by its name takes a tenth more of the time of encoding. Undefined of a message. */
  readonly write: ((this: ProtoWriter, value: never) => unknown) | undefined;
  readonly codec: Codec<object> | undefined;
  readonly isList: boolean;
}

/** What reads and writes each kind, as scripts/proto.mjs numbers them, but for the last one, messages. */
const METHODS = ['uint32', 'int32', 'sint32', 'uint64', 'bool', 'string', 'bytes'] as const;
const MESSAGE = 7;
/** From here on the wire type is 2. */
const STRING = 5;

/** What an absent field reads as, by kind. */
const ZEROS = [0, 0, 0, '0', false, '', null, null];

const readField = (reader: ProtoReader, { kind, codec }: Field): unknown =>
  codec ? codec.decode(reader, reader.uint32()) : reader[METHODS[kind]!]();

function writeField(writer: ProtoWriter, { number, kind, write, codec }: Field, value: never): void {
  writer.uint32((number << 3) | (kind < STRING ? 0 : 2));
  if (codec) codec.encode(value, writer.fork()).ldelim();
  else write!.call(writer, value);
}

function readItem(reader: ProtoReader, field: Field, list: unknown[], tag: number, onDamaged?: OnDamaged): void {
  const { pos, len } = reader;
  try {
    list.push(readField(reader, field));
  } catch (error) {
    if (!onDamaged || (tag & 7) !== 2) throw error;
    reader.pos = pos;
    reader.len = len;
    // One that passes the end is no damaged item: nothing after it can be read as a field of the message.
    reader.skipType(2);
    onDamaged(error);
  }
}

/** Reads the field of this tag into the message, or passes over it. */
type ReadHot = (reader: ProtoReader, message: never, tag: number) => void;

/**
 * The codec of a message with these fields, which are in the order of their numbers.
 *
 * @param readHot does for these fields what their table says, a quarter faster: for what pages are full of.
 */
export function messageCodec(shapes: Readonly<Record<string, FieldShape>>, readHot?: ReadHot): Codec<object> {
  const byNumber: (Field | undefined)[] = [];
  let number = 0;
  const fields = Object.entries(shapes).map(([name, shape]): Field => {
    const isScalar = typeof shape === 'number';
    const isList = Array.isArray(shape);
    const codec = isScalar ? undefined : isList ? (shape[0] as Codec<object>) : (shape as Codec<object>);
    number = (isScalar && shape >>> 3) || number + 1;
    const kind = isScalar ? shape & 7 : MESSAGE;
    return (byNumber[number] = { name, number, kind, write: ProtoWriter.prototype[METHODS[kind]!], codec, isList });
  });
  const lists = fields.filter(({ isList }) => isList);

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

    static decode(reader: ProtoReader, length?: number, onDamaged?: OnDamaged): Message {
      const message = new Message();
      const outerEnd = reader.len;
      const end = length === undefined ? outerEnd : reader.pos + length;
      if (end > outerEnd) passesEnd();
      reader.len = end;
      while (reader.pos < end) {
        const tag = reader.uint32();
        const field = byNumber[tag >>> 3];
        if (readHot) readHot(reader, message as never, tag);
        else if (!field) reader.skipType(tag & 7);
        else if (field.isList) readItem(reader, field, message[field.name] as unknown[], tag, onDamaged);
        else message[field.name] = readField(reader, field);
      }
      if (reader.pos !== end) passesEnd();
      reader.len = outerEnd;
      return message;
    }
  }
  for (const { name, kind, isList } of fields) Message.prototype[name] = isList ? [] : ZEROS[kind];
  return Message;
}

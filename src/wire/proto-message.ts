import type { ProtoReader } from './proto-reader.ts';

/** What every generated message does in the same way. */

/** Whether a field goes on the wire: an own property that is not null or undefined. */
export function hasField(message: object, name: string): boolean {
  return Object.prototype.hasOwnProperty.call(message, name) && (message as Record<string, unknown>)[name] != null;
}

/**
 * Read the fields of a message.
 *
 * @param length bytes of an embedded message; undefined: up to the end.
 * @param readField reads the value of a field by its number; false for a number it does not know.
 * @throws RangeError or Error for bytes that are no such message.
 */
export function readMessage<T>(
  reader: ProtoReader,
  length: number | undefined,
  message: T,
  readField: (reader: ProtoReader, message: T, number: number) => boolean,
): T {
  const outerEnd = reader.len;
  const end = length === undefined ? outerEnd : reader.pos + length;
  if (end > outerEnd) throw new RangeError('a message passes the end');
  reader.len = end;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!readField(reader, message, tag >>> 3)) reader.skipType(tag & 7);
  }
  if (reader.pos !== end) throw new RangeError('a field passes the end of its message');
  reader.len = outerEnd;
  return message;
}

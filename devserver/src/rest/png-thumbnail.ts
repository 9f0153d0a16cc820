import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** Bytes of a pixel, by colour type, at eight bits a channel. */
const PIXEL_BYTES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** A PNG whose longer edge has so many pixels; undefined for what is smaller, or no PNG of the usual kind. */
export function thumbnailOf(file: Buffer, edge: number): Buffer | undefined {
  const chunks = file.subarray(0, 8).equals(SIGNATURE) ? chunksOf(file) : [];
  const head = chunks.find(({ name }) => name === 'IHDR')?.body;
  if (!head) return undefined;
  const [width, height, depth, colour = 0, interlaced] = [
    head.readUInt32BE(0),
    head.readUInt32BE(4),
    head[8],
    head[9],
    head[12],
  ];
  const bytes = PIXEL_BYTES[colour];
  const step = Math.max(width, height) / edge;
  if (!bytes || depth !== 8 || interlaced !== 0 || step <= 1) return undefined;
  const packed = Buffer.concat(chunks.flatMap(({ name, body }) => (name === 'IDAT' ? body : [])));
  const rows = unfiltered(inflateSync(packed), width * bytes, bytes);
  const [columns, lines] = [Math.ceil(width / step), Math.ceil(height / step)];
  const small = Buffer.alloc(lines * (1 + columns * bytes));
  for (let y = 0; y < lines; y++) {
    for (let x = 0; x < columns; x++) {
      const from = Math.floor(x * step) * bytes;
      rows[Math.floor(y * step)]?.copy(small, y * (1 + columns * bytes) + 1 + x * bytes, from, from + bytes);
    }
  }
  const smallHead = Buffer.from(head);
  smallHead.writeUInt32BE(columns, 0);
  smallHead.writeUInt32BE(lines, 4);
  return Buffer.concat([SIGNATURE, chunk('IHDR', smallHead), chunk('IDAT', deflateSync(small)), chunk('IEND')]);
}

function chunksOf(file: Buffer): { name: string; body: Buffer }[] {
  const chunks = [];
  for (let at = 8; at + 12 <= file.length;) {
    const end = at + 8 + file.readUInt32BE(at);
    chunks.push({ name: file.toString('latin1', at + 4, at + 8), body: file.subarray(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}

/** Each row says how it was made from its left and upper neighbours. */
function unfiltered(data: Buffer, rowBytes: number, pixelBytes: number): Buffer[] {
  const rows: Buffer[] = [];
  let above: Buffer = Buffer.alloc(rowBytes);
  for (let at = 0; at + rowBytes < data.length; at += rowBytes + 1) {
    const filter = data[at];
    const row = data.subarray(at + 1, at + 1 + rowBytes);
    for (let i = 0; i < rowBytes; i++) {
      const left = i < pixelBytes ? 0 : row[i - pixelBytes]!;
      const corner = i < pixelBytes ? 0 : above[i - pixelBytes]!;
      row[i] = row[i]! + predicted(filter, left, above[i]!, corner);
    }
    rows.push(row);
    above = row;
  }
  return rows;
}

function predicted(filter: number | undefined, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner;
}

function chunk(name: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  const [size, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([size, named, check]);
}

function crc32(bytes: Buffer): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

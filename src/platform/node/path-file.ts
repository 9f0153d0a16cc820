import { openAsBlob, statSync, writeFileSync } from 'node:fs';
import { appendFile, open, rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { mimeTypeOf } from '../../util/mime-type.ts';
import type { FileBody } from '../ports.ts';
import type { Sink } from '../web-api/files.ts';

const PIECE_BYTES = 64 * 1024;

interface DiskFile extends FileBody {
  pieces(): AsyncIterable<Uint8Array>;
}

/**
 * The bytes of a file, in order. The pieces of a file on the disk share one buffer, because separate ones would take megabytes
 * before they are collected: a piece is valid until the next one is asked for.
 */
export const piecesOf = (file: FileBody): AsyncIterable<Uint8Array> =>
  'pieces' in file ? (file as DiskFile).pieces() : slicesOf(file);

async function* slicesOf(file: FileBody): AsyncIterable<Uint8Array> {
  for (let at = 0; at < file.size; at += PIECE_BYTES)
    yield new Uint8Array(await file.slice(at, Math.min(at + PIECE_BYTES, file.size)).arrayBuffer());
}

/**
 * A file on the disk, which is read when its bytes are needed.
 *
 * @throws the system's error when the file does not exist; an error when it is a folder or a device
 */
export function fileAt(path: string): DiskFile {
  const stats = statSync(path);
  if (!stats.isFile()) throw new Error('the path is not that of a file');
  const { size } = stats;
  return {
    pieces: () => readPieces(path, size),
    size,
    type: mimeTypeOf(path),
    name: basename(path),
    slice: (from, to) => ({
      arrayBuffer: async () => {
        const handle = await open(path);
        try {
          const bytes = new Uint8Array(to - from);
          const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
          return bytes.buffer.slice(0, bytesRead);
        } finally {
          await handle.close();
        }
      },
    }),
  };
}

async function* readPieces(path: string, size: number): AsyncIterable<Uint8Array> {
  const handle = await open(path);
  try {
    const bytes = new Uint8Array(PIECE_BYTES);
    for (let left = size; left > 0;) {
      const { bytesRead } = await handle.read(bytes, 0, Math.min(PIECE_BYTES, left));
      // The file is shorter than it was.
      if (bytesRead === 0) return;
      yield bytes.subarray(0, bytesRead);
      left -= bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** Writes to `<path>.part`, and gives the file its name when it is complete. */
export function sinkTo(path: string): Sink {
  const part = `${path}.part`;
  writeFileSync(part, '');
  return {
    // Opens the file for each piece, so that an abandoned download leaves nothing open.
    write: async (chunk) => appendFile(part, chunk),
    finish: async (type) => {
      await rename(part, path);
      return openAsBlob(path, { type });
    },
  };
}

import { openAsBlob, statSync, writeFileSync } from 'node:fs';
import { appendFile, open, rename } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FileBody } from '../ports.ts';
import type { Sink } from '../web-api/download.ts';

/** A file on the disk, read as it is needed. @throws the system's error when it is not there. */
export function fileAt(path: string): FileBody {
  return {
    size: statSync(path).size,
    type: '',
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

/** Writes to a file on the disk, which is there once it is finished: before, it is `<path>.part`. */
export function sinkTo(path: string): Sink {
  const part = `${path}.part`;
  writeFileSync(part, '');
  return {
    // Opened for each piece: a download that is given up leaves nothing open.
    write: async (chunk) => appendFile(part, chunk),
    finish: async (type) => {
      await rename(part, path);
      return openAsBlob(path, { type });
    },
  };
}

import type { FileTransfer } from '../ports.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The files of a platform that has `Blob`. */
export const blobs: Pick<FileTransfer, 'open' | 'join'> = {
  open: (input) =>
    input instanceof Blob ? input : input instanceof Uint8Array ? new Blob([input as Bytes]) : undefined,
  join: (parts, type) => new Blob(parts as (Bytes | Blob)[], { type }),
};

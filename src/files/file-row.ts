import type { OutboxEntry } from '../store/schema.ts';
import { toWellFormedJson } from '../util/well-formed.ts';
import type { Uploaded } from './uploads.ts';

/**
 * The row of a message with a file that is not uploaded yet. `FileMessages` owns it until the file is uploaded, and the outbox
 * from then on.
 */
export type Row = OutboxEntry & Required<Pick<OutboxEntry, 'file' | 'message'>>;

/** The row, if it is that of a message with a file to upload. */
export const withFile = (row: OutboxEntry | undefined): Row | undefined =>
  row?.file && row.message ? (row as Row) : undefined;

/** The row when its file is uploaded: one of a message like any other. */
export function uploadedRow({ file, ...row }: Row, { url, name, size }: Uploaded, now: number): OutboxEntry {
  const attach = { url, ...row.message.attach, ...(size !== file.size && { dName: name, fLen: size }) };
  const payload = { ...row.meta.payload, attachment: toWellFormedJson(JSON.stringify(attach)) };
  return {
    ...row,
    state: 'queued',
    createdAt: now,
    meta: { ...row.meta, payload },
    message: { ...row.message, attach },
  };
}

/** The row of a message that failed, when its file is uploaded again. */
export function rowAgain({ error: _error, ...row }: Row, now: number): OutboxEntry {
  return { ...row, state: 'uploading', createdAt: now };
}

import type { CancelSignal } from '../model/file.ts';
import type { Uploaded } from './uploads.ts';

/** The upload of a message's file, waiting or running. */
export interface UploadJob extends CancelSignal {
  /** It was cancelled. */
  aborted: boolean;
  /** Cancels the transfer. */
  end?: () => void;
  isRunning?: boolean;
  loaded: number;
  percent: number;
  /** Settles when the facts found in the file are in the row. */
  described?: Promise<void>;
  /** Where the file is. Earlier files of the conversation go first. */
  uploaded?: Uploaded;
  /** The row goes to the outbox: it cannot be cancelled any more. */
  isReleased?: true;
}

/** A job is its own cancel signal: old browsers have no AbortController. */
export function newUploadJob(): UploadJob {
  const job: UploadJob = {
    loaded: 0,
    percent: 0,
    aborted: false,
    addEventListener: (_, listener) => {
      job.end = listener;
    },
  };
  return job;
}

export function cancelUpload(job: UploadJob): void {
  job.aborted = true;
  job.end?.();
}

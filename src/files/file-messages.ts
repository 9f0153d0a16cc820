import { FlooError, isFlooError } from '../errors.ts';
import type { CancelSignal, TransferProgress } from '../model/file.ts';
import type { Id } from '../model/ids.ts';
import type { Clock, FileBody, FileShelf, Media } from '../platform/ports.ts';
import { conversationOf } from '../store/schema.ts';
import type { ConversationKey, OutboxEntry } from '../store/schema.ts';
import { refused } from '../sync/answers.ts';
import type { Commands } from '../sync/commands.ts';
import { dispatch, dispatchOrReport } from '../sync/commit.ts';
import type { DispatchDeps } from '../sync/commit.ts';
import type { PreparedMessage } from '../sync/outgoing.ts';
import { chatTarget, fileTypeOf } from './upload-target.ts';
import type { Upload, Uploaded } from './uploads.ts';

/** Uploads that run at once; the others wait. */
const MAX_UPLOADS = 3;
/** An upload fails after this many broken tries while the socket works, because then the object store is the cause. */
const TRIES_ONLINE = 8;

interface FileMessagesDeps extends DispatchDeps {
  commands: Commands;
  upload: Upload;
  media?: Media | undefined;
  kept: FileShelf;
  clock: Clock;
  /** An upload fails when there was no connection for this long after the message was made. */
  expiryMs: number;
}

type Row = OutboxEntry & Required<Pick<OutboxEntry, 'file' | 'message'>>;

/** The upload of a message's file, waiting or running. */
interface Job extends CancelSignal {
  /** It was cancelled. */
  aborted: boolean;
  /** Cancels the transfer. */
  end?: () => void;
  isRunning?: true;
  loaded: number;
  percent: number;
  /** Settles when the facts found in the file are in the row. */
  described?: Promise<void>;
  /** The file is uploaded and the row goes to the outbox: it cannot be cancelled any more. */
  isUploaded?: true;
}

/**
 * Messages with a file. Their rows are in the outbox from the start, and are shown and resumed like all others. The outbox sends
 * a row when its file is uploaded. No other message waits for it: later messages, and smaller files, may arrive earlier.
 */
export class FileMessages {
  private readonly deps: FileMessagesDeps;
  private readonly jobs = new Map<Id, Job>();
  /** The files that the app passed in this run. A later run reads them from `kept`. */
  private readonly files = new Map<Id, FileBody>();
  private isOnline = false;
  private closed = false;

  constructor(deps: FileMessagesDeps) {
    this.deps = deps;
    for (const { mid, state } of deps.store.reader.outbox()) if (state === 'uploading') this.jobs.set(mid, newJob());
  }

  /** Sends a message with its file. @returns the client mid */
  send(conversation: ConversationKey, message: PreparedMessage, file: FileBody): Id {
    const mid = this.deps.commands.send(conversation, message);
    const job = newJob();
    this.jobs.set(mid, job);
    this.files.set(mid, file);
    void this.begin(mid, job, file);
    return mid;
  }

  /** Progress of an upload that waits or runs, 0 to 100. */
  percentOf(mid: Id): number | undefined {
    return this.jobs.get(mid)?.percent;
  }

  /** Uploads a failed file again. @returns whether it does; undefined when the message has no file to upload */
  resend(mid: Id): boolean | undefined {
    const row = this.row(mid);
    if (!row) return undefined;
    if (row.state !== 'failed' || this.jobs.has(mid)) return false;
    const { error: _error, ...rest } = row;
    const entry: OutboxEntry = { ...rest, state: 'uploading', createdAt: this.deps.clock.now() };
    this.jobs.set(mid, newJob());
    void dispatch(this.deps, (_, put) => {
      put(entry);
      return [{ type: 'sending', mid, message: entry.message! }];
    }).then((error) => {
      if (error) this.jobs.delete(mid);
      this.pump();
    });
    return true;
  }

  /** Removes a message whose file is not uploaded. @returns whether it did; undefined when the message has no file to upload */
  async discard(mid: Id): Promise<boolean | undefined> {
    const job = this.jobs.get(mid);
    if (!this.row(mid)) return undefined;
    if (job?.isUploaded) return false;
    this.forget(mid);
    if (job) cancel(job);
    const error = await dispatch(this.deps, (tx) => {
      tx.deleteOutbox(mid);
      return [];
    });
    await this.deps.kept.drop(mid);
    this.pump();
    return !error;
  }

  online(): void {
    this.isOnline = true;
    this.pump();
  }

  /** Starts no more uploads. Running ones go on: REST may be reachable when the socket is not. */
  offline(): void {
    this.isOnline = false;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.jobs.forEach(cancel);
    this.jobs.clear();
    await this.deps.kept.close();
  }

  private async begin(mid: Id, job: Job, file: FileBody): Promise<void> {
    // The batch with the row is stored first; when it failed there is no row. This fails only when the account closes.
    await this.deps.store.update(() => undefined).catch(() => undefined);
    if (this.closed || !this.row(mid)) {
      this.forget(mid);
      return;
    }
    void this.deps.kept.keep(mid, file);
    job.described = this.describe(mid, job, file);
    this.pump();
  }

  /** Adds the facts found in the file to its message. Those that the app gave win. */
  private async describe(mid: Id, job: Job, file: FileBody): Promise<void> {
    const found = await this.deps.media?.read(file).catch(() => undefined);
    if (!found || Object.keys(found).length === 0) return;
    const { preview, ...facts } = found;
    await dispatch(this.deps, (_, put) => {
      const row = this.jobs.get(mid) === job && this.row(mid);
      if (!row) return [];
      put({
        ...row,
        ...(preview && { preview }),
        message: { ...row.message, attach: { ...facts, ...row.message.attach } },
      });
      const { loaded, percent } = job;
      return [{ type: 'uploading', mid, key: row.conversation, loaded, total: row.file.size, percent }];
    });
  }

  private forget(mid: Id): void {
    this.jobs.delete(mid);
    this.files.delete(mid);
  }

  /** The row, if it is a message with a file to upload. */
  private row(mid: Id): Row | undefined {
    const row = this.deps.store.reader.outboxEntry(mid);
    return row?.file && row.message ? (row as Row) : undefined;
  }

  private pump(): void {
    if (!this.isOnline || this.closed) return;
    let running = [...this.jobs.values()].filter(({ isRunning }) => isRunning).length;
    for (const [mid, job] of this.jobs) {
      if (running >= MAX_UPLOADS || job.isRunning || this.row(mid)?.state !== 'uploading') continue;
      running++;
      void this.run(mid, job);
    }
  }

  private async run(mid: Id, job: Job): Promise<void> {
    job.isRunning = true;
    const outcome = await this.upload(this.row(mid)!, job).catch((error: unknown) =>
      FlooError.from(error, 'ServerFileUploadUnknownError'),
    );
    await job.described;
    // The message was discarded and its row is gone, or the account was closed and the row stays for the next run.
    if (this.jobs.get(mid) !== job) return;
    const row = this.row(mid)!;
    let failure: FlooError | undefined;
    if (isFlooError(outcome)) failure = outcome;
    else {
      job.isUploaded = true;
      failure = await this.release(row, outcome);
    }
    if (failure) {
      // The app may resend it as soon as it sees that it failed.
      this.jobs.delete(mid);
      await dispatchOrReport(this.deps, (tx) => refused(tx, row, failure));
    }
    if (this.jobs.get(mid) === job) this.jobs.delete(mid);
    this.pump();
  }

  private async upload({ mid, conversation: key, message, file, createdAt }: Row, job: Job): Promise<Uploaded> {
    const { kept, upload, clock, expiryMs, emit } = this.deps;
    if (clock.now() - createdAt > expiryMs) throw new FlooError('ServerTimeOut', 'there was no connection in time');
    const body = this.files.get(mid) ?? (await kept.load(mid, file));
    if (!body) throw new FlooError('NotFound', 'the file was not kept over the restart');
    job.described ??= this.describe(mid, job, body);
    const { type, id } = conversationOf(key);
    const onProgress = ({ loaded, total }: TransferProgress): void => {
      const percent = Math.floor((loaded / total) * 100);
      if (percent === job.percent) return;
      Object.assign(job, { loaded, percent });
      emit([{ type: 'uploading', mid, key, loaded, total, percent }]);
    };
    return upload(chatTarget(fileTypeOf(message.type, file.type), type, id), body, file.name, {
      signal: job,
      onProgress,
      mayRetry: (failures) => (this.isOnline ? failures < TRIES_ONLINE : clock.now() - createdAt < expiryMs),
    });
  }

  /** Hands the row to the outbox, as a message like any other. @returns why it could not be stored; undefined when it is */
  private async release({ file, ...row }: Row, { url, name, size }: Uploaded): Promise<FlooError | undefined> {
    const attach = { url, ...row.message.attach, ...(size !== file.size && { dName: name, fLen: size }) };
    const payload = { ...row.meta.payload, attachment: JSON.stringify(attach) };
    const error = await dispatch(this.deps, (_, put) => {
      put({
        ...row,
        state: 'queued',
        createdAt: this.deps.clock.now(),
        meta: { ...row.meta, payload },
        message: { ...row.message, attach },
      });
      return [];
    });
    if (!error) {
      this.files.delete(row.mid);
      void this.deps.kept.drop(row.mid);
    }
    return error;
  }
}

/** A job is its own cancel signal: old browsers have no AbortController. */
function newJob(): Job {
  const job: Job = {
    loaded: 0,
    percent: 0,
    aborted: false,
    addEventListener: (_, listener) => {
      job.end = listener;
    },
  };
  return job;
}

function cancel(job: Job): void {
  job.aborted = true;
  job.end?.();
}

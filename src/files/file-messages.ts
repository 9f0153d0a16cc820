import { FlooError, isFlooError } from '../errors.ts';
import type { TransferProgress } from '../model/file.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Clock, FileBody, FileShelf, MediaFacts } from '../platform/ports.ts';
import { conversationOf } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { refused } from '../sync/answers.ts';
import type { Commands } from '../sync/commands.ts';
import { dispatch } from '../sync/commit.ts';
import type { DispatchDeps, DispatchTask } from '../sync/commit.ts';
import type { Outbox } from '../sync/outbox.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import { Deadlines } from '../sync/deadlines.ts';
import type { PreparedMessage } from '../sync/outgoing.ts';
import { rowAgain, uploadedRow, withFile } from './file-row.ts';
import type { Row } from './file-row.ts';
import { cancelUpload, newUploadJob } from './upload-job.ts';
import type { UploadJob } from './upload-job.ts';
import { chatTarget, fileTypeOf } from './upload-target.ts';
import type { Upload, Uploaded } from './uploads.ts';

/** Uploads that run at once; the others wait. */
const MAX_UPLOADS = 3;
/** An upload fails after this many broken tries while the socket works, because then the object store is the cause. */
const TRIES_ONLINE = 8;

interface FileMessagesDeps extends Omit<DispatchDeps, 'call'> {
  store: Store;
  /** Emits the progress of uploads. */
  emit(events: readonly SyncEvent[]): void;
  commands: Commands;
  outbox: Outbox;
  upload: Upload;
  /** Reads the facts of a file, on platforms that can. */
  factsOf?: ((file: FileBody) => Promise<MediaFacts>) | undefined;
  kept: FileShelf;
  clock: Clock;
  /** An upload fails when there was no connection for this long after the message was made. */
  expiryMs: number;
}

/**
 * Messages with a file. Their rows are in the outbox from the start, and are shown and resumed like all others. The outbox sends
 * a row when its file is uploaded, and those of one conversation in the order in which they were made. Files are uploaded at
 * the same time, and no other message waits for them.
 */
export class FileMessages {
  private readonly deps: FileMessagesDeps;
  private readonly jobs = new Map<Id, UploadJob>();
  /** The files that the app passed in this run. A later run reads them from `kept`. */
  private readonly files = new Map<Id, FileBody>();
  private readonly deadlines: Deadlines;
  private isOnline = false;
  private closed = false;

  constructor(deps: FileMessagesDeps) {
    this.deps = deps;
    this.deadlines = new Deadlines(deps.clock, deps.expiryMs);
    for (const row of deps.store.reader.outbox()) {
      if (row.state !== 'uploading') continue;
      this.jobs.set(row.mid, newUploadJob());
      this.deadlines.resume(row);
    }
    deps.commands.onWithdrawn = (mid) => this.drop(mid);
  }

  /** Sends a message with its file. @param commands - those of the tab whose message it is @returns the client mid */
  send(
    conversation: ConversationKey,
    message: PreparedMessage,
    file: FileBody,
    commands: Pick<Commands, 'send'> = this.deps.commands,
  ): Id {
    const mid = commands.send(conversation, message);
    const job = newUploadJob();
    this.jobs.set(mid, job);
    this.files.set(mid, file);
    void this.begin(mid, job, file);
    return mid;
  }

  /** A file that another tab still has. */
  provide(mid: Id, file: FileBody): void {
    if (!this.jobs.has(mid) || this.files.has(mid)) return;
    this.files.set(mid, file);
    void this.deps.kept.keep(mid, file);
    this.pump();
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
    const entry = rowAgain(row, this.deps.clock.now());
    this.jobs.set(mid, newUploadJob());
    void dispatch(this.deps, (_, put) => {
      put(entry);
      return [{ type: 'sending', mid, message: entry.message! }];
    }).then((error) => {
      if (error) this.jobs.delete(mid);
      else this.deadlines.begin(entry);
      this.pump();
    });
    return true;
  }

  /** Removes a message whose file is not uploaded. @returns whether it did; undefined when the message has no file to upload */
  discard(mid: Id): Promise<boolean> | undefined {
    const row = this.row(mid);
    return row && this.remove(row);
  }

  private async remove({ mid, conversation }: Row): Promise<boolean> {
    const job = this.jobs.get(mid);
    if (job?.isReleased) return false;
    this.forget(mid);
    if (job) cancelUpload(job);
    const error = await dispatch(this.deps, (tx) => {
      const row = tx.outboxEntry(mid);
      return row ? [...this.deps.outbox.withdraw(tx, row), { type: 'deleted', key: conversation, mid }] : [];
    });
    await this.deps.kept.drop(mid);
    this.pump();
    void this.releaseUploaded(conversation);
    return !error;
  }

  /** Ends the upload of a message that was recalled or deleted. */
  private drop(mid: Id): void {
    const job = this.jobs.get(mid);
    if (!job || job.isReleased) return;
    this.forget(mid);
    cancelUpload(job);
    void this.deps.kept.drop(mid);
    this.pump();
    for (const key of new Set([...this.jobs.keys()].map((other) => this.row(other)?.conversation)))
      if (key !== undefined) void this.releaseUploaded(key);
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
    this.jobs.forEach(cancelUpload);
    this.jobs.clear();
    this.deadlines.close();
    await this.deps.kept.close();
  }

  private async begin(mid: Id, job: UploadJob, file: FileBody): Promise<void> {
    // The batch with the row is stored first; when it failed there is no row. This fails only when the account closes.
    await this.deps.store.update(() => undefined).catch(() => undefined);
    const row = this.row(mid);
    if (this.closed || !row) {
      this.forget(mid);
      return;
    }
    void this.deps.kept.keep(mid, file);
    this.deadlines.begin(row);
    job.described = this.describe(mid, job, file);
    this.pump();
  }

  /** Adds the facts found in the file to its message. Those that the app gave win. */
  private async describe(mid: Id, job: UploadJob, file: FileBody): Promise<void> {
    const found = await this.deps.factsOf?.(file).catch(() => undefined);
    if (!found || Object.keys(found).length === 0) return;
    const { preview, ...facts } = found;
    await dispatch(this.deps, (tx, put) => {
      const row = this.jobs.get(mid) === job && withFile(tx.outboxEntry(mid));
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
    this.deadlines.end(mid);
  }

  /** The row, if it is a message with a file to upload. */
  private row(mid: Id): Row | undefined {
    return withFile(this.deps.store.reader.outboxEntry(mid));
  }

  private pump(): void {
    if (!this.isOnline || this.closed) return;
    let running = [...this.jobs.values()].filter(({ isRunning }) => isRunning).length;
    for (const [mid, job] of this.jobs) {
      if (running >= MAX_UPLOADS || job.isRunning || job.uploaded || this.row(mid)?.state !== 'uploading') continue;
      running++;
      void this.run(mid, job);
    }
  }

  private async run(mid: Id, job: UploadJob): Promise<void> {
    job.isRunning = true;
    const outcome = await this.upload(this.row(mid)!, job).catch((error: unknown) =>
      FlooError.from(error, 'ServerFileUploadUnknownError'),
    );
    await job.described;
    const row = this.row(mid);
    // The message was discarded and its row is gone, or the account was closed and the row stays for the next run.
    if (this.jobs.get(mid) !== job || !row) return;
    if (isFlooError(outcome)) await this.end(mid, row, outcome);
    else Object.assign(job, { uploaded: outcome, isRunning: false });
    this.pump();
    await this.releaseUploaded(row.conversation);
  }

  /** Hands the uploaded files of a conversation to the outbox, in order, up to the first that is not uploaded. */
  private async releaseUploaded(conversation: ConversationKey): Promise<void> {
    const jobs = [...this.jobs].sort(([a], [b]) => compareIds(a, b));
    for (const [mid, job] of jobs) {
      const row = this.row(mid);
      // One that failed or was discarded holds nobody up.
      if (row?.conversation !== conversation || this.jobs.get(mid) !== job) continue;
      if (!job.uploaded || job.isReleased) return;
      job.isReleased = true;
      const failure = await this.release(row, job.uploaded);
      if (failure) await this.end(mid, row, failure);
      else {
        this.jobs.delete(mid);
        this.deadlines.end(mid);
      }
      // Others were uploaded, or made, meanwhile.
      return this.releaseUploaded(conversation);
    }
  }

  private async end(mid: Id, row: Row, failure: FlooError): Promise<void> {
    // The app may resend it as soon as it sees that it failed.
    this.jobs.delete(mid);
    this.deadlines.end(mid);
    await this.deps.outbox.settle((tx) => (tx.outboxEntry(mid) ? refused(tx, row, failure) : []));
  }

  private async upload({ mid, conversation: key, message, file }: Row, job: UploadJob): Promise<Uploaded> {
    const { kept, upload, emit } = this.deps;
    if (this.deadlines.isDue(mid)) throw new FlooError('ServerTimeOut', 'there was no connection in time');
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
      mayRetry: (failures) => (this.isOnline ? failures < TRIES_ONLINE : !this.deadlines.isDue(mid)),
    });
  }

  /** Hands the row to the outbox, as a message like any other. @returns why it could not be stored; undefined when it is */
  private async release(row: Row, uploaded: Uploaded): Promise<FlooError | undefined> {
    const entry = uploadedRow(row, uploaded, this.deps.clock.now());
    const task: DispatchTask = (tx, put) => {
      // It was recalled or deleted meanwhile.
      if (tx.outboxEntry(row.mid)) put(entry);
      return [];
    };
    const error = this.deps.commands.refusalBySize(entry) ?? (await dispatch(this.deps, task));
    if (!error) {
      this.files.delete(row.mid);
      void this.deps.kept.drop(row.mid);
    }
    return error;
  }
}

import type { Id } from '../model/ids.ts';
import type { FileBody } from '../platform/ports.ts';
import type { WorkingSetReader } from '../store/working-set-reader.ts';

/**
 * The files of the messages that a tab has sent and that are not uploaded yet. The tab that leads keeps them in a database, a
 * moment after it has stored the message: when it ends before that, the next one gets them from here.
 */
export class SentFiles {
  private readonly files = new Map<Id, FileBody>();
  private readonly reader: () => WorkingSetReader | undefined;

  /** @param reader of the account; undefined until it is open */
  constructor(reader: () => WorkingSetReader | undefined) {
    this.reader = reader;
  }

  keep(mid: Id, file: FileBody): void {
    for (const kept of this.files.keys()) if (!this.isUploading(kept)) this.files.delete(kept);
    this.files.set(mid, file);
  }

  /** Those that are being uploaded, or wait for that. */
  get uploading(): readonly (readonly [Id, FileBody])[] {
    return [...this.files].filter(([mid]) => this.isUploading(mid));
  }

  private isUploading(mid: Id): boolean {
    return this.reader()?.outboxEntry(mid)?.state === 'uploading';
  }
}

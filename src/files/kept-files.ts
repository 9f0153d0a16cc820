import { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { FileBody, FileShelf, FileTransfer, KvProvider, KvStore, KvValue, KvWrite } from '../platform/ports.ts';

const CHUNK_BYTES = 1024 * 1024;

const chunkKey = (mid: Id, index: number): string => `${mid}/${String(index).padStart(6, '0')}`;
/** The key range of all chunks of a file: `0` comes after `/`. */
const chunksOf = (mid: Id): { from: string; to: string } => ({ from: `${mid}/`, to: `${mid}0` });

/**
 * The bytes of files that are not uploaded yet, so that an upload can go on after a reload. They have a database of their own:
 * when it is full or does not open, only these files are lost.
 */
export class KeptFiles implements FileShelf {
  private readonly open: () => Promise<KvStore>;
  private readonly files: FileTransfer;
  private kv: Promise<KvStore> | undefined;
  private isClosed = false;
  /** The files that are being kept and were not dropped. */
  private readonly writing = new Set<Id>();

  /** @param known - the messages whose files are needed; other files in the database are removed */
  constructor(provider: KvProvider, name: string, files: FileTransfer, known: () => Iterable<Id>) {
    this.files = files;
    this.open = async () => {
      const kv = await provider.open(name);
      await kv.commit(rangesBetween([...known()]));
      return kv;
    };
  }

  async keep(mid: Id, file: FileBody): Promise<void> {
    this.writing.add(mid);
    await this.write(mid, file).catch(async () => this.drop(mid));
  }

  async load(mid: Id, { size, type }: Pick<FileBody, 'size' | 'type'>): Promise<FileBody | undefined> {
    const kv = await this.database();
    const parts: KvValue[] = [];
    for (let at = 0; at < size; at += CHUNK_BYTES) {
      const part = await kv.get(chunkKey(mid, parts.length));
      if (!part) return undefined;
      parts.push(part);
    }
    return this.files.join?.(parts, type);
  }

  async drop(mid: Id): Promise<void> {
    this.writing.delete(mid);
    await this.database()
      .then(async (kv) => kv.commit([{ op: 'deleteRange', ...chunksOf(mid) }]))
      .catch(() => undefined);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.writing.clear();
    await this.kv?.then(async (kv) => kv.close()).catch(() => undefined);
  }

  private async write(mid: Id, file: FileBody): Promise<void> {
    const kv = await this.database();
    for (let at = 0, index = 0; at < file.size; at += CHUNK_BYTES, index++) {
      const part = file.slice(at, Math.min(at + CHUNK_BYTES, file.size));
      const value = this.files.storesSlices ? part : new Uint8Array(await part.arrayBuffer());
      // The message was sent or discarded meanwhile.
      if (!this.writing.has(mid)) return;
      await kv.commit([{ op: 'put', key: chunkKey(mid, index), value }]);
    }
  }

  private async database(): Promise<KvStore> {
    if (this.isClosed) throw new FlooError('DbOperationFailed', 'the files are closed');
    this.kv ??= this.open();
    return this.kv;
  }
}

/** Deletes everything but the chunks of these messages. */
function rangesBetween(known: readonly Id[]): KvWrite[] {
  const keptRanges = known.map((mid) => chunksOf(mid)).sort((a, b) => (a.from < b.from ? -1 : 1));
  let from = '';
  const between = keptRanges.map((kept): KvWrite => {
    const range: KvWrite = { op: 'deleteRange', from, to: kept.from };
    from = kept.to;
    return range;
  });
  return [...between, { op: 'deleteRange', from, to: '\uffff' }];
}

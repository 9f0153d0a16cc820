import { fileOf } from './block-index.ts';
import type { BlockRef } from './block-index.ts';
import { blockText, parseBlock, sorted } from './block.ts';
import type { Block, BlockLine } from './block.ts';
import type { Directory } from './directory.ts';

/** Less than a MB of text. Pages of one conversation and the records of a list are in few blocks. */
const CACHED_BLOCKS = 12;

/** The files of blocks. Their names are numbers, each used once. */
export class BlockFiles {
  private readonly directory: Directory;
  private readonly onLost: () => void;
  /** The blocks that were read last, the last one at the end. */
  private readonly cache = new Map<string, Promise<Block>>();
  private nextFile = 1;

  /** @param onLost - called when records of a block are lost together with their keys */
  constructor(directory: Directory, onLost: () => void) {
    this.directory = directory;
    this.onLost = onLost;
  }

  /** @param names - the files that are there: no new one gets their names */
  skip(names: readonly string[]): void {
    for (const name of names) this.nextFile = Math.max(this.nextFile, (Number(name) || 0) + 1);
  }

  async read(ref: BlockRef): Promise<Block> {
    const file = fileOf(ref);
    const block = this.cache.get(file) ?? this.load(ref);
    this.forget([file]);
    this.cache.set(file, block);
    for (const oldest of this.cache.keys()) {
      if (this.cache.size <= CACHED_BLOCKS) break;
      this.cache.delete(oldest);
    }
    return block.catch((error: unknown) => {
      this.forget([file]);
      throw error;
    });
  }

  /** Reads a block that is about to be replaced: it takes no place in the cache. */
  async readOnce(ref: BlockRef): Promise<Block> {
    return this.cache.get(fileOf(ref)) ?? this.load(ref);
  }

  forget(files: readonly string[]): void {
    for (const file of files) this.cache.delete(file);
  }

  /** Writes blocks, all of them or none. */
  async write(blocks: readonly Block[]): Promise<BlockRef[]> {
    const refs = blocks.map((block): BlockRef => [
      block[0]!.key,
      block[block.length - 1]!.key,
      String(this.nextFile++),
    ]);
    const written = await Promise.all(
      refs.map(async ([, , file], index) =>
        this.directory.write(file, blockText(blocks[index]!)).then(
          () => undefined,
          (error: unknown) => ({ error }),
        ),
      ),
    );
    const failed = written.find((result) => result);
    if (!failed) return refs;
    await this.remove(refs);
    throw failed.error;
  }

  async remove(refs: readonly BlockRef[]): Promise<void> {
    await this.directory.remove(refs.map(fileOf));
  }

  private async load([first, last, file]: BlockRef): Promise<Block> {
    const text = await this.directory.read(file);
    const parsed = parseBlock(text ?? '');
    if (!parsed) this.onLost();
    const block = parsed ?? [];
    const lost = new Set([first, last]);
    for (const { key } of block) lost.delete(key);
    // Its readers see that something was there.
    const damaged = [...lost].map((key): BlockLine => ({ key, line: '' }));
    return damaged.length > 0 ? sorted([...block, ...damaged]) : block;
  }
}

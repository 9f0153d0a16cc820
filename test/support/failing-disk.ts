import { createMemoryKvProvider } from '../../src/platform/memory/index.ts';
import type { KvProvider, KvStore, KvWrite } from '../../src/platform/ports.ts';
import { named } from './faulty-kv.ts';

export const CALLS = ['open', 'get', 'range', 'commit', 'close', 'drop'] as const;
export type Call = (typeof CALLS)[number];

/** How a disk fails in one run. */
export interface Fault {
  /** The calls that fail. */
  readonly calls: readonly Call[];
  /** How many of them work before. */
  readonly after: number;
  /** How many of them fail. */
  readonly times: number;
  /**
   * - `throws`: it rejects with this error.
   * - `hangs`: it never answers.
   * - `deleted`: the browser deletes the databases; what was open rejects from then on.
   */
  readonly what: 'throws' | 'hangs' | 'deleted';
  readonly error: string;
  /** Whether the disk has the batch of a commit that throws or hangs: before it does, some ms later, or never. */
  readonly keeps: 'all' | 'late' | 'nothing';
}

/** Databases in memory that outlive a client, and that fail as planned. */
export class FailingDisk implements KvProvider {
  private readonly memory = createMemoryKvProvider();
  private readonly names = new Set<string>();
  private fault: Fault | undefined;
  private met = 0;
  /** Handles of earlier ones reject: their database was deleted. */
  private generation = 0;

  /** Begins a run. @param fault - undefined: the disk works */
  begin(fault: Fault | undefined): void {
    this.fault = fault;
    this.met = 0;
  }

  /** The browser deletes everything. */
  async deleteAll(): Promise<void> {
    this.generation++;
    for (const name of this.names) await this.memory.drop(name);
  }

  drop = async (name: string): Promise<void> => {
    await this.fail('drop');
    await this.memory.drop(name);
  };

  open = async (name: string): Promise<KvStore> => {
    await this.fail('open');
    this.names.add(name);
    const kv = await this.memory.open(name);
    const { generation } = this;
    const call = async <T>(which: Call, work: () => Promise<T>, batch: readonly KvWrite[] = []): Promise<T> => {
      await this.fail(which, async () => (generation === this.generation ? kv.commit(batch) : undefined), batch);
      if (generation !== this.generation && which !== 'close') throw named('NotFoundError');
      return work();
    };
    return {
      get: async (key) => call('get', async () => kv.get(key)),
      range: async (range) => call('range', async () => kv.range(range)),
      close: async () => call('close', async () => kv.close()),
      commit: async (batch) => call('commit', async () => kv.commit(batch), batch),
    };
  };

  private async fail(call: Call, store?: () => Promise<void>, batch?: readonly KvWrite[]): Promise<void> {
    const { fault } = this;
    if (!fault?.calls.includes(call)) return;
    // Only what grows finds the disk full.
    const isFull = fault.what === 'throws' && fault.error === 'QuotaExceededError';
    if (isFull && (call !== 'commit' || !batch!.some(({ op }) => op === 'put'))) return;
    const nth = this.met++ - fault.after;
    if (nth < 0 || nth >= fault.times) return;
    if (fault.what === 'deleted') return nth === 0 ? this.deleteAll() : undefined;
    if (call === 'commit' && !isFull && fault.keeps === 'all') await store!();
    if (fault.what === 'throws') throw named(fault.error);
    if (call === 'commit' && fault.keeps === 'late') setTimeout(() => void store!().catch(() => undefined), 5);
    await new Promise(() => undefined);
  }
}

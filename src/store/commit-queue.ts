import { FlooError } from '../errors.ts';
import { createDeferred } from '../util/deferred.ts';
import type { StoreTransaction } from './transaction.ts';
import type { When } from './write-behind.ts';

/** How many tasks share one batch at most. */
const MAX_GROUP = 16;

/** Stores the changes of a transaction and makes them visible; rejects when they could not be stored. */
type Commit = (tx: StoreTransaction, when: When) => Promise<void>;

interface Job {
  /** Runs the task. The returned function settles the job when the task's changes are visible. */
  run(tx: StoreTransaction): Promise<() => void>;
  reject(error: unknown): void;
  when: When;
}

/** Jobs whose changes are one batch. */
interface Group {
  /** The changes of all jobs. */
  tx: StoreTransaction;
  /** The jobs that ran. Each is settled when the batch is stored. */
  ran: { job: Job; settle: () => void }[];
}

/**
 * Runs changes one at a time. Each sees the changes before it. While a batch is being stored, the tasks of the next batch run
 * and collect in it, so a burst costs a few batches, and a single change does not wait.
 */
export class CommitQueue {
  private readonly commit: Commit;
  private readonly begin: () => StoreTransaction;
  private readonly jobs: Job[] = [];
  /** Resolves when there is a job again. */
  private more = createDeferred<undefined>();
  private running = false;
  private storing: { tx: StoreTransaction; done: Promise<FlooError | undefined> } | undefined;

  /** @param begin makes a transaction on the visible records. */
  constructor(commit: Commit, begin: () => StoreTransaction) {
    this.commit = commit;
    this.begin = begin;
  }

  async add<T>(task: (tx: StoreTransaction) => Promise<T> | T, when: When = 'now'): Promise<T> {
    const done = createDeferred<T>();
    this.jobs.push({
      run: async (tx) => {
        const result = await task(tx);
        return () => done.resolve(result);
      },
      reject: (error) => done.reject(error),
      when,
    });
    this.more.resolve(undefined);
    if (!this.running) void this.work();
    return done.promise;
  }

  private async work(): Promise<void> {
    this.running = true;
    while (this.jobs.length > 0) {
      const below = this.storing;
      const group: Group = { tx: below?.tx.next() ?? this.begin(), ran: [] };
      await this.runJobs(group);
      while (this.storing && group.ran.length < MAX_GROUP) {
        await Promise.race([this.storing.done, this.more.promise]);
        await this.runJobs(group);
      }
      const failure = await below?.done;
      // These jobs were built on changes that are undone.
      if (failure) for (const { job } of group.ran) job.reject(failure);
      else this.store(group);
    }
    this.running = false;
  }

  private async runJobs(group: Group): Promise<void> {
    while (this.jobs.length > 0 && group.ran.length < MAX_GROUP) {
      const job = this.jobs.shift()!;
      // The changes of a task that fails are dropped with its fork.
      const fork = group.tx.fork();
      try {
        group.ran.push({ job, settle: await job.run(fork) });
        group.tx = fork;
      } catch (error) {
        job.reject(error);
      }
    }
    if (this.jobs.length === 0) this.more = createDeferred();
  }

  private store({ tx, ran }: Group): void {
    // The batch below is stored by now.
    const own = tx.detached();
    const storing = { tx: own, done: this.settle(own, ran) };
    this.storing = storing;
    void storing.done.then(() => (this.storing = undefined));
  }

  /** @returns the error, if the batch could not be stored. */
  private async settle(tx: StoreTransaction, ran: Group['ran']): Promise<FlooError | undefined> {
    const [first = 'ahead', ...others] = ran.map(({ job }) => job.when);
    try {
      await this.commit(tx, others.every((when) => when === first) ? first : 'now');
    } catch (error) {
      const failure = FlooError.from(error, 'DbOperationFailed');
      for (const { job } of ran) job.reject(failure);
      return failure;
    }
    for (const { settle } of ran) settle();
    return undefined;
  }
}

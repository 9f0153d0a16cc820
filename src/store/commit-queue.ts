import { FlooError } from '../errors.ts';
import type { KvWrite } from '../platform/ports.ts';
import { createDeferred } from '../util/deferred.ts';
import type { StoreTransaction } from './transaction.ts';
import type { When } from './write-behind.ts';

/** Tasks whose changes share one batch at most. */
const MAX_GROUP = 16;

/** Stores a batch. */
type Commit = (batch: readonly KvWrite[], when: When) => Promise<void>;

interface Job {
  /** Runs the task on a draft; what it returns settles the job once the batch counts. */
  run(tx: StoreTransaction): Promise<() => void>;
  reject(error: unknown): void;
  when: When;
}

/** Jobs that ran on one draft. */
interface Group {
  draft: StoreTransaction;
  /** To be settled when the draft counts. */
  ran: { job: Job; settle: () => void }[];
}

/**
 * Runs changes one at a time, each on what the ones before it left, and stores in one batch all those that came up while the
 * last batch was being stored: a burst costs a few transactions, a single change waits for nothing. What is to go into the
 * next batch is run while the disk is busy with the last one.
 */
export class CommitQueue {
  private readonly commit: Commit;
  private readonly createDraft: () => StoreTransaction;
  private readonly jobs: Job[] = [];
  /** Resolves when there is a job again. */
  private more = createDeferred<undefined>();
  private running = false;
  private storing: { draft: StoreTransaction; done: Promise<FlooError | undefined> } | undefined;

  constructor(commit: Commit, createDraft: () => StoreTransaction) {
    this.commit = commit;
    this.createDraft = createDraft;
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
      const group: Group = { draft: below?.draft.next() ?? this.createDraft(), ran: [] };
      await this.runJobs(group);
      while (this.storing && group.ran.length < MAX_GROUP) {
        await Promise.race([this.storing.done, this.more.promise]);
        await this.runJobs(group);
      }
      const failure = await below?.done;
      // What was built on something that is not there.
      if (failure) for (const { job } of group.ran) job.reject(failure);
      else this.store(group);
    }
    this.running = false;
  }

  private async runJobs(group: Group): Promise<void> {
    while (this.jobs.length > 0 && group.ran.length < MAX_GROUP) {
      const job = this.jobs.shift()!;
      // What a task that fails had changed is left behind with its fork.
      const fork = group.draft.fork();
      try {
        group.ran.push({ job, settle: await job.run(fork) });
        group.draft = fork;
      } catch (error) {
        job.reject(error);
      }
    }
    if (this.jobs.length === 0) this.more = createDeferred();
  }

  private store(group: Group): void {
    const storing = { draft: group.draft, done: this.settle(group) };
    this.storing = storing;
    void storing.done.then(() => (this.storing = undefined));
  }

  /** @returns the error, if it could not be stored. */
  private async settle({ draft, ran }: Group): Promise<FlooError | undefined> {
    const [first = 'ahead', ...others] = ran.map(({ job }) => job.when);
    try {
      await this.commit(draft.writes, others.every((when) => when === first) ? first : 'now');
    } catch (error) {
      const failure = FlooError.from(error, 'DbOperationFailed');
      for (const { job } of ran) job.reject(failure);
      return failure;
    }
    draft.publish();
    for (const { settle } of ran) settle();
    return undefined;
  }
}

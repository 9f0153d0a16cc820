import { FlooError } from '../errors.ts';
import type { KvStore } from '../platform/ports.ts';
import { createDeferred } from '../util/deferred.ts';
import type { StoreDraft } from './draft.ts';

/** Tasks whose changes share one batch at most. */
const MAX_GROUP = 64;

interface Job {
  /** Runs the task on a draft; what it returns settles the job once the batch is stored. */
  run(draft: StoreDraft): Promise<() => void>;
  reject(error: unknown): void;
}

/**
 * Runs changes one at a time, each on what the ones before it left, and stores in one batch all those that came up while the
 * last batch was being stored: a burst costs a few transactions, a single change waits for nothing.
 */
export class CommitQueue {
  readonly #kv: Pick<KvStore, 'commit'>;
  readonly #createDraft: () => StoreDraft;
  readonly #jobs: Job[] = [];
  #running = false;

  constructor(kv: Pick<KvStore, 'commit'>, createDraft: () => StoreDraft) {
    this.#kv = kv;
    this.#createDraft = createDraft;
  }

  async add<T>(task: (draft: StoreDraft) => Promise<T> | T): Promise<T> {
    const done = createDeferred<T>();
    this.#jobs.push({
      run: async (draft) => {
        const result = await task(draft);
        return () => done.resolve(result);
      },
      reject: (error) => done.reject(error),
    });
    if (!this.#running) void this.#work();
    return done.promise;
  }

  async #work(): Promise<void> {
    this.#running = true;
    while (this.#jobs.length > 0) await this.#runGroup(this.#jobs.splice(0, MAX_GROUP));
    this.#running = false;
  }

  async #runGroup(jobs: readonly Job[]): Promise<void> {
    let draft = this.#createDraft();
    const stored: { job: Job; settle: () => void }[] = [];
    for (const job of jobs) {
      // What a task that fails had changed is left behind with its fork.
      const fork = draft.fork();
      try {
        stored.push({ job, settle: await job.run(fork) });
        draft = fork;
      } catch (error) {
        job.reject(error);
      }
    }
    try {
      const { writes } = draft;
      if (writes.length > 0) await this.#kv.commit(writes);
    } catch (error) {
      for (const { job } of stored) job.reject(FlooError.from(error, 'DbOperationFailed'));
      return;
    }
    draft.publish();
    for (const { settle } of stored) settle();
  }
}

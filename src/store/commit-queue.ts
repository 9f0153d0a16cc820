import { FlooError } from '../errors.ts';
import type { Clock, KvStore } from '../platform/ports.ts';
import { createDeferred } from '../util/deferred.ts';
import { Timers } from '../util/timers.ts';
import type { StoreDraft } from './draft.ts';

/** Tasks whose changes share one batch at most. */
const MAX_GROUP = 16;

/** What may wait waits so long at most for a batch to go with. */
const MAX_WAIT_MS = 10;

interface Job {
  /** Runs the task on a draft; what it returns settles the job once the batch is stored, or put off. */
  run(draft: StoreDraft): Promise<() => void>;
  reject(error: unknown): void;
  mayWait: boolean;
}

/** Jobs that ran on one draft. */
interface Group {
  draft: StoreDraft;
  /** To be settled when the draft is stored, or put off. */
  ran: { job: Job; settle: () => void }[];
}

/**
 * Runs changes one at a time, each on what the ones before it left, and stores in one batch all those that came up while the
 * last batch was being stored: a burst costs a few transactions, a single change waits for nothing. What is to go into the
 * next batch is run while the disk is busy with the last one. What may wait is visible at once, and goes with what comes next.
 */
export class CommitQueue {
  readonly #kv: Pick<KvStore, 'commit'>;
  readonly #createDraft: () => StoreDraft;
  readonly #timers: Timers<'waiting'> | undefined;
  readonly #jobs: Job[] = [];
  /** Resolves when there is a job again. */
  #more = createDeferred<undefined>();
  #running = false;
  /** Visible and not stored. The next batch begins with it: one that is being stored has it, too. */
  #waiting: StoreDraft | undefined;
  #storing: { draft: StoreDraft; done: Promise<FlooError | undefined> } | undefined;

  /** @param clock without one what may wait waits for the next batch, whenever that is. */
  constructor(kv: Pick<KvStore, 'commit'>, createDraft: () => StoreDraft, clock?: Clock) {
    this.#kv = kv;
    this.#createDraft = createDraft;
    this.#timers = clock && new Timers(clock);
  }

  async add<T>(task: (draft: StoreDraft) => Promise<T> | T, mayWait = false): Promise<T> {
    const done = createDeferred<T>();
    this.#jobs.push({
      run: async (draft) => {
        const result = await task(draft);
        return () => done.resolve(result);
      },
      reject: (error) => done.reject(error),
      mayWait,
    });
    this.#more.resolve(undefined);
    if (!this.#running) void this.#work();
    return done.promise;
  }

  /** Resolves when what waits is stored, or could not be: then it waits for the next batch. */
  async flush(): Promise<void> {
    if (this.#waiting) await (this.#storing?.done ?? this.add(() => undefined).catch(() => undefined));
  }

  async #work(): Promise<void> {
    this.#running = true;
    while (this.#jobs.length > 0) {
      const below = this.#storing;
      const group: Group = { draft: below?.draft.next() ?? this.#waiting ?? this.#createDraft(), ran: [] };
      await this.#runJobs(group);
      while (this.#storing && group.ran.length < MAX_GROUP) {
        await Promise.race([this.#storing.done, this.#more.promise]);
        await this.#runJobs(group);
      }
      const failure = await below?.done;
      // What was built on something that is not there.
      if (failure) for (const { job } of group.ran) job.reject(failure);
      else if (group.ran.every(({ job }) => job.mayWait)) this.#putOff(group);
      else this.#store(group);
    }
    this.#running = false;
  }

  async #runJobs(group: Group): Promise<void> {
    while (this.#jobs.length > 0 && group.ran.length < MAX_GROUP) {
      const job = this.#jobs.shift()!;
      // What a task that fails had changed is left behind with its fork.
      const fork = group.draft.fork();
      try {
        group.ran.push({ job, settle: await job.run(fork) });
        group.draft = fork;
      } catch (error) {
        job.reject(error);
      }
    }
    if (this.#jobs.length === 0) this.#more = createDeferred();
  }

  #putOff(group: Group): void {
    this.#waiting = group.draft;
    if (!this.#timers?.has('waiting')) this.#timers?.set('waiting', MAX_WAIT_MS, () => void this.flush());
    settle(group);
  }

  #store(group: Group): void {
    this.#timers?.clear('waiting');
    const storing = { draft: group.draft, done: this.#commit(group) };
    this.#storing = storing;
    void storing.done.then(() => (this.#storing = undefined));
  }

  /** @returns the error, if it could not be stored. */
  async #commit(group: Group): Promise<FlooError | undefined> {
    try {
      const { writes } = group.draft;
      if (writes.length > 0) await this.#kv.commit(writes);
    } catch (error) {
      const failure = FlooError.from(error, 'DbOperationFailed');
      for (const { job } of group.ran) job.reject(failure);
      return failure;
    }
    this.#waiting = undefined;
    settle(group);
    return undefined;
  }
}

function settle({ draft, ran }: Group): void {
  draft.publish();
  for (const { settle } of ran) settle();
}

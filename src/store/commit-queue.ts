import { FlooError } from '../errors.ts';
import { createDeferred } from '../util/deferred.ts';
import type { LocalChange } from './shown-changes.ts';
import type { StoreTransaction } from './transaction.ts';
import type { When } from './write-behind.ts';

/**
 * How many tasks share one batch at most. A burst of sends, or the pages of a first login, then costs few commits. Sync asks for
 * no more items than fit into one batch, so it stays some milliseconds of work.
 */
const MAX_GROUP = 64;

/** What the queue does with its batches. */
interface CommitSteps {
  /** Resolves when tasks may run. While it rejects, they fail with its error. */
  ready(): Promise<void> | undefined;
  /** Makes a transaction on the visible records. */
  begin(): StoreTransaction;
  /** Stores the changes of a transaction. @param hasLocal one of them is a local change */
  store(tx: StoreTransaction, when: When, hasLocal: boolean): Promise<void>;
  /** Makes the changes of a stored transaction visible. @param local its local changes; undefined for its other tasks. */
  show(tx: StoreTransaction, local: readonly (LocalChange<unknown> | undefined)[]): void;
  /** A local change failed. */
  undo(change: LocalChange<unknown>): void;
}

interface Job {
  /** Runs the task. The returned function settles the job when the task's changes are visible. */
  run(tx: StoreTransaction): Promise<() => void>;
  reject(error: unknown): void;
  when: When;
  local: LocalChange<unknown> | undefined;
  /** Its batch could not be stored: it is a batch of its own now. */
  isAlone?: true;
}

/** Jobs whose changes are one batch. */
interface Group {
  /** The changes of all jobs. */
  tx: StoreTransaction;
  /** The jobs that ran. Each is settled when the batch is stored. */
  ran: { job: Job; settle: () => void }[];
}

/** A batch on its way to the disk. */
interface Batch {
  tx: StoreTransaction;
  done: Promise<void>;
  isRefused: boolean;
  /** The jobs of a refused batch that run again, each alone. */
  again: Job[];
}

/**
 * Runs changes one at a time. Each sees the changes before it. While a batch is being stored, the tasks of the next batch run
 * and collect in it, so a burst costs a few batches, and a single change does not wait.
 *
 * When a batch cannot be stored, each of its tasks runs again in a batch of its own, so that only the one that cannot be stored
 * fails. The tasks after them run again on what was stored.
 */
export class CommitQueue {
  private readonly steps: CommitSteps;
  private readonly jobs: Job[] = [];
  /** Jobs that run before all others, most of them again. */
  private readonly again: Job[] = [];
  /** Resolves when there is a job again. */
  private more = createDeferred<undefined>();
  private running = false;
  private storing: Batch | undefined;

  private unsettled = 0;

  constructor(steps: CommitSteps) {
    this.steps = steps;
  }

  /** Runs a task before those that wait. */
  async addFirst<T>(task: (tx: StoreTransaction) => Promise<T> | T): Promise<T> {
    return this.put(this.again, task, 'now');
  }

  /** @param local the local change that the task stores. */
  async add<T>(
    task: (tx: StoreTransaction) => Promise<T> | T,
    when: When = 'now',
    local?: LocalChange<unknown>,
  ): Promise<T> {
    return this.put(this.jobs, task, when, local);
  }

  private async put<T>(
    jobs: Job[],
    task: (tx: StoreTransaction) => Promise<T> | T,
    when: When,
    local?: LocalChange<unknown>,
  ): Promise<T> {
    const done = createDeferred<T>();
    const settled = (): void => {
      this.unsettled--;
    };
    this.unsettled++;
    done.promise.then(settled, settled);
    jobs.push({
      run: async (tx) => {
        const result = await task(tx);
        return () => done.resolve(result);
      },
      reject: (error) => {
        if (local) this.steps.undo(local);
        done.reject(error);
      },
      when,
      local,
    });
    this.more.resolve(undefined);
    if (!this.running) void this.work();
    return done.promise;
  }

  /** Tasks whose changes are not stored yet. */
  get size(): number {
    return this.unsettled;
  }

  /** Whether nothing waits, runs or is being stored. */
  get isIdle(): boolean {
    return !this.running;
  }

  private async work(): Promise<void> {
    this.running = true;
    const ready = this.steps.ready();
    if (ready)
      await ready.catch((error: unknown) => {
        for (const job of [...this.again.splice(0), ...this.jobs.splice(0)]) job.reject(error);
      });
    while (this.nextJob || this.storing) {
      const below = this.storing;
      const group: Group = { tx: below?.tx.next() ?? this.steps.begin(), ran: [] };
      await this.runJobs(group);
      while (below && this.storing === below && this.hasRoom(group)) {
        await Promise.race([below.done, this.more.promise]);
        if (!below.isRefused) await this.runJobs(group);
      }
      await below?.done;
      // The jobs of this group were built on changes that are undone.
      if (below?.isRefused) this.again.unshift(...below.again, ...group.ran.map(({ job }) => job));
      else if (group.ran.length > 0) this.store(group);
    }
    this.running = false;
  }

  private get nextJob(): Job | undefined {
    return this.again[0] ?? this.jobs[0];
  }

  private hasRoom({ ran }: Group): boolean {
    return ran.length === 0 || (ran.length < MAX_GROUP && !ran[0]!.job.isAlone && !this.nextJob?.isAlone);
  }

  private async runJobs(group: Group): Promise<void> {
    while (this.nextJob && this.hasRoom(group)) {
      const job = (this.again.shift() ?? this.jobs.shift())!;
      // The changes of a task that fails are dropped with its fork.
      const fork = group.tx.fork();
      try {
        group.ran.push({ job, settle: await job.run(fork) });
        group.tx = fork;
      } catch (error) {
        job.reject(error);
      }
    }
    if (!this.nextJob) this.more = createDeferred();
  }

  private store({ tx, ran }: Group): void {
    // The batch below is stored by now.
    const batch: Batch = { tx: tx.detached(), done: Promise.resolve(), isRefused: false, again: [] };
    batch.done = this.settle(batch, ran);
    this.storing = batch;
  }

  private async settle(batch: Batch, ran: Group['ran']): Promise<void> {
    const [first = 'ahead', ...others] = ran.map(({ job }) => job.when);
    try {
      const hasLocal = ran.some(({ job }) => job.local !== undefined);
      await this.steps.store(batch.tx, others.every((when) => when === first) ? first : 'now', hasLocal);
    } catch (error) {
      batch.isRefused = true;
      this.storing = undefined;
      if (ran.length === 1) ran[0]!.job.reject(FlooError.from(error, 'DbOperationFailed'));
      else batch.again = ran.map(({ job }) => Object.assign(job, { isAlone: true as const }));
      return;
    }
    this.storing = undefined;
    this.steps.show(
      batch.tx,
      ran.map(({ job }) => job.local),
    );
    for (const { settle } of ran) settle();
  }
}

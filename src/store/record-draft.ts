import type { KvValue, KvWrite } from '../platform/ports.ts';

interface Change {
  /** undefined: the record is deleted. */
  value: KvValue;
  /** Makes it visible in the working set. */
  publish?: (() => void) | undefined;
}

/** Changes in the making to records that are each on their own. */
export class RecordDraft {
  /** What the draft below, which is on its way to the disk, changes. */
  private readonly below: ReadonlyMap<string, Change>;
  private readonly changed: Map<string, Change>;

  constructor(below: ReadonlyMap<string, Change> = new Map(), changed: Iterable<readonly [string, Change]> = []) {
    this.below = below;
    this.changed = new Map(changed);
  }

  /** See StoreTransaction. */
  fork(): RecordDraft {
    return new RecordDraft(this.below, this.changed);
  }

  /** See StoreTransaction. */
  next(): RecordDraft {
    return new RecordDraft(this.changed);
  }

  /** What will be under a key, or else what is there. */
  get<T>(key: string, stored: T): T {
    const change = this.changed.get(key) ?? this.below.get(key);
    return change ? (change.value as T) : stored;
  }

  set(key: string, value: KvValue, publish?: () => void): void {
    this.changed.set(key, { value, publish });
  }

  get writes(): KvWrite[] {
    return [...this.changed].map(([key, { value }]) =>
      value === undefined ? { op: 'delete', key } : { op: 'put', key, value },
    );
  }

  publish(): void {
    for (const { publish } of this.changed.values()) publish?.();
  }
}

import type { DeviceNames } from '../model/device.ts';
import type { GroupInfo } from '../model/group.ts';
import type { Id } from '../model/ids.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { RosterItem } from '../model/user.ts';
import { Overlay } from './overlay.ts';
import type { Change } from './overlay.ts';
import type { ConversationRecord, FirstCatchUp, OutboxEntry, StoredItem } from './schema.ts';

/** The records of a store, part by part, and their keys. record-codec.ts turns them into records of a database. */
export interface StoreRecords {
  /** By conversation key. */
  conversations: ConversationRecord;
  /** By user id. */
  users: RosterItem;
  /** By group id. */
  groups: GroupInfo;
  /** By `KEYS.outbox`. */
  outbox: OutboxEntry;
  /** The items of a segment, by `KEYS.segment`. */
  segments: readonly StoredItem[];
  /** `KEYS.friends` and `KEYS.groups`: whole lists of ids. */
  lists: readonly Id[];
  /** By `KEYS.queue`: the ids of the operations and notices that were applied from it. */
  queues: readonly Id[];
  /** `KEYS.notices`: all that are kept, newest first. */
  notices: readonly NoticeMeta[];
  /** `KEYS.lastMid`. */
  lastMid: Id;
  /** `KEYS.device`. */
  device: DeviceNames;
  /** `KEYS.firstCatchUp`. */
  firstCatchUp: FirstCatchUp;
}

/** The changes of one batch as plain data, part by part: they can be cloned and sent to another tab. */
export type StoreChanges = { readonly [Part in keyof StoreRecords]: readonly Change<StoreRecords[Part]>[] };

/** Whether a batch changes nothing. */
export const isEmptyChange = (changes: StoreChanges): boolean =>
  Object.values(changes).every((part: readonly unknown[]) => part.length === 0);

/** An overlay for each part of the store. */
type Parts = { readonly [Part in keyof StoreRecords]: Overlay<StoreRecords[Part]> };

/** Changes to a store that are not in its working set yet. See {@link Overlay} for what its methods do. */
export class StoreOverlay {
  readonly parts: Parts;

  constructor(parts: Parts = emptyParts()) {
    this.parts = parts;
  }

  fork(): StoreOverlay {
    return new StoreOverlay(mapParts(this.parts, (overlay) => overlay.fork()));
  }

  child(): StoreOverlay {
    return new StoreOverlay(mapParts(this.parts, (overlay) => overlay.child()));
  }

  detached(): StoreOverlay {
    return new StoreOverlay(mapParts(this.parts, (overlay) => overlay.detached()));
  }

  changes(): StoreChanges {
    const { parts } = this;
    return {
      conversations: parts.conversations.changes(),
      users: parts.users.changes(),
      groups: parts.groups.changes(),
      outbox: parts.outbox.changes(),
      segments: parts.segments.changes(),
      lists: parts.lists.changes(),
      queues: parts.queues.changes(),
      notices: parts.notices.changes(),
      lastMid: parts.lastMid.changes(),
      device: parts.device.changes(),
      firstCatchUp: parts.firstCatchUp.changes(),
    };
  }
}

function emptyParts(): Parts {
  return {
    conversations: new Overlay(),
    users: new Overlay(),
    groups: new Overlay(),
    outbox: new Overlay(),
    segments: new Overlay(),
    lists: new Overlay(),
    queues: new Overlay(),
    notices: new Overlay(),
    lastMid: new Overlay(),
    device: new Overlay(),
    firstCatchUp: new Overlay(),
  };
}

function mapParts(parts: Parts, next: <T>(overlay: Overlay<T>) => Overlay<T>): Parts {
  return {
    conversations: next(parts.conversations),
    users: next(parts.users),
    groups: next(parts.groups),
    outbox: next(parts.outbox),
    segments: next(parts.segments),
    lists: next(parts.lists),
    queues: next(parts.queues),
    notices: next(parts.notices),
    lastMid: next(parts.lastMid),
    device: next(parts.device),
    firstCatchUp: next(parts.firstCatchUp),
  };
}

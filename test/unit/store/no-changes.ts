import type { StoreChanges } from '../../../src/store/store-changes.ts';

export const NO_CHANGES: StoreChanges = {
  conversations: [],
  users: [],
  groups: [],
  outbox: [],
  segments: [],
  lists: [],
  queues: [],
  notices: [],
  lastMid: [],
  device: [],
  firstCatchUp: [],
};

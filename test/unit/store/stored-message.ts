import type { SyncedMessage } from '../../../src/model/message.ts';

/** A stored message. */
export const storedMessage = (id: number | string, parts: Partial<SyncedMessage> = {}): SyncedMessage => ({
  id: String(id),
  from: '200',
  to: '100',
  content: `text ${id}`,
  type: 'text',
  ext: '',
  status: 0,
  timestamp: '1',
  toType: 'roster',
  is_system: false,
  isHistory: false,
  isNative: false,
  isPlayed: false,
  editTimestamp: '0',
  ...parts,
});

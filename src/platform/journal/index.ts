export type { FileSystem } from './file-system.ts';
export { createJournalKvProvider } from './kv-provider.ts';

export { createMemoryKvProvider } from './kv-store.ts';
export { createMemoryPreferences } from './preferences.ts';

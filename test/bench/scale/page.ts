// Runs in the page; Node calls its functions by name.
import { createClient } from '../../../src/entries/browser.ts';
import { createIndexedDbKvProvider } from '../../../src/platform/browser/kv-store.ts';
import { openStore } from '../../../src/store/store.ts';
import { createWorkload } from './workload.ts';

Object.assign(window, { bench: createWorkload({ kv: createIndexedDbKvProvider(), openStore, createClient }) });

// In a file of its own: browser.ts only re-exports, so that a bundler can leave this one out.
import { createBrowserPlatform } from '../platform/browser/index.ts';
import { createGate } from './gate.ts';
import type { Gate } from './gate.ts';

const isReactNative = ({ product }: Navigator): boolean => product === 'ReactNative';

const gate: Gate = /* @__PURE__ */ createGate({
  createPlatform: createBrowserPlatform,
  // An older React Native has no `self`. Node has neither.
  isSupported: () => typeof self !== 'undefined' || (typeof navigator !== 'undefined' && isReactNative(navigator)),
  runsIn: 'a page or a worker (in Node, import flooim/node)',
});

/** Configures the client of the page or process and returns it, see {@link Gate.flooim}. */
export const flooim: Gate['flooim'] = gate.flooim;
/** Creates a client of its own, see {@link Gate.createClient}. */
export const createClient: Gate['createClient'] = gate.createClient;

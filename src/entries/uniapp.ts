import { miniProgramPlatforms } from '../platform/mini-program/index.ts';
import { createGate } from './gate.ts';
import type { Gate } from './gate.ts';

export * from '../index.ts';

declare const uni: unknown;

const gate: Gate = /* @__PURE__ */ createGate({
  createPlatform: miniProgramPlatforms(() => uni),
  isSupported: () => typeof uni !== 'undefined',
  runsIn: 'a uni-app',
});

/** Configures the client of the page or process and returns it, see {@link Gate.flooim}. */
export const flooim: Gate['flooim'] = gate.flooim;
/** Creates a client of its own, see {@link Gate.createClient}. */
export const createClient: Gate['createClient'] = gate.createClient;
export default flooim;

import { createNodePlatform } from '../platform/node/index.ts';
import { createGate } from './gate.ts';
import type { Gate } from './gate.ts';

export * from '../index.ts';

const gate: Gate = /* @__PURE__ */ createGate({
  createPlatform: createNodePlatform,
  isSupported: () => typeof process !== 'undefined',
  runsIn: 'Node',
});

export const flooim: Gate['flooim'] = gate.flooim;
export const createClient: Gate['createClient'] = gate.createClient;
export default flooim;

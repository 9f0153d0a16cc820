import type { Lifecycle } from '../ports.ts';

/** A process has no foreground and is not told about its network: nothing ever happens. */
export const nodeLifecycle: Lifecycle = {
  subscribe: () => () => {},
};

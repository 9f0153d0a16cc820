import type { FaultyNetwork } from '../../test/support/faulty-network.ts';
import type { MortalPlatform } from '../../test/support/mortal-platform.ts';
import type { Shown, User } from './app.ts';
import type { OperationName, Step } from './plan.ts';

/** A device of a user: one client after the other on the same data, behind a network of its own. */
export interface Device {
  readonly number: number;
  readonly user: User;
  /** For reports. */
  readonly name: string;
  readonly network: FaultyNetwork;
  /** Its clock, storage and lifecycle. Undefined where they are not ours, as in a page. */
  readonly mortal: MortalPlatform | undefined;
  /** Whether its client exists and is online, as far as it knows. */
  readonly isOnline: boolean;
  /** Its storage failed: some of what it has to send waits for the next client. */
  readonly isDegraded: boolean;
  /** It logs in for the first time in the middle of the run, and has not begun. */
  readonly isWaiting: boolean;
  /** Does nothing when it runs. */
  start(): Promise<void>;
  restart(): Promise<void>;
  /** @param awayMs - until somebody starts it again */
  crash(awayMs: number): Promise<void>;
  /** @param aheadMs - what its clock shows more than the time */
  setClock(aheadMs: number): void;
  /** @returns whether there was somebody to do it */
  perform(step: Step & { what: OperationName }, firstGroup: number): Promise<boolean>;
  /** Undefined when it has no client. */
  show(names: readonly string[]): Promise<Readonly<Record<string, Shown>> | undefined>;
  /** Makes a group. @returns its id */
  createGroup(name: string, members: readonly number[]): Promise<number>;
  end(): Promise<void>;
}

import type { CallPort } from '../call-port.ts';
import type { Id } from '../model/ids.ts';
import type { Timer } from '../platform/ports.ts';
import { endMessage, parseCallMessage } from './call-messages.ts';
import type { HangUpContent } from './call-messages.ts';
import type { CallRecord, Calls } from './calls.ts';
import { RecentIds } from './recent-ids.ts';

/** What the other side wrote while this one was away has come by then. */
const OWED_AFTER_MS = 3000;

/** The end of a call, for its record. */
export interface CallEnd {
  readonly callId: string;
  readonly peer: Id;
  readonly initiator: Id;
  readonly content: HangUpContent;
  readonly peerDrop: boolean;
}

/** Writes the records of calls, one for each. */
export class CallRecords {
  private readonly port: CallPort;
  private readonly recorded = new RecentIds();
  /** By the id of the call. */
  private readonly owed = new Map<string, CallEnd>();
  private timer: Timer | undefined;

  constructor(port: CallPort) {
    this.port = port;
  }

  /** There is a record of a call, whoever wrote it. */
  note(callId: string): void {
    this.recorded.add(callId);
  }

  write(end: CallEnd): void {
    if (!this.recorded.add(end.callId)) return;
    this.port.sendMessage(end.peer, endMessage('record', end));
  }

  /** Writes a record when the client is online again, unless the other side has written one by then. */
  owe(end: CallEnd): void {
    this.owed.set(end.callId, end);
  }

  /** The other side had hung up while this one was away, and was not gone. */
  handleHangUp({ callId, content, peerDrop }: Pick<CallEnd, 'callId' | 'content' | 'peerDrop'>): void {
    const end = this.owed.get(callId);
    if (end && !peerDrop) this.owed.set(callId, { ...end, content, peerDrop });
  }

  handleOnline(isOnline: boolean): void {
    this.stopTimer();
    if (!isOnline || this.owed.size === 0) return;
    this.timer = this.port.clock.setTimeout(() => {
      for (const end of this.owed.values()) this.write(end);
      this.owed.clear();
    }, OWED_AFTER_MS);
  }

  /** Forgets what is owed. */
  close(): void {
    this.stopTimer();
    this.owed.clear();
  }

  private stopTimer(): void {
    if (this.timer !== undefined) this.port.clock.clearTimeout(this.timer);
    this.timer = undefined;
  }
}

const OUTCOMES = { timeout: 'timeout', canceled: 'canceled', rejected: 'declined', busy: 'busy' } as const;

/** @returns what a message says about a call; null when it is no record of one */
export function readRecord(port: CallPort, message: Parameters<Calls['readRecord']>[0]): CallRecord | null {
  if (message.type !== 'rtc') return null;
  const signal = parseCallMessage({ ...message, ext: '' }, port.parseId);
  if (signal?.action !== 'record' || signal.initiator === undefined) return null;
  const { callId, initiator, content, peerDrop } = signal;
  const isAnswered = typeof content === 'number';
  return {
    callId,
    initiator,
    isOwn: initiator === port.self(),
    outcome: peerDrop ? 'interrupted' : isAnswered ? 'answered' : OUTCOMES[content],
    durationMs: isAnswered ? content : undefined,
  };
}

import { Ring } from '../ring.ts';

/** A relayed signal, as tests read it. */
export interface RelayedSignal {
  /** ms since 1970. */
  readonly at: number;
  readonly uid: number;
  readonly deviceSN: number;
  readonly direction: 'up' | 'down';
  /** The text without the parts that are secret or name addresses: pin, secret, token, SDP and candidates. */
  readonly text: string;
}

const HIDDEN = new Set(['pin', 'secret', 'token', 'sdp', 'candidate', 'candidates']);

/** The last relayed signals. */
export class SignalLog extends Ring<RelayedSignal> {
  record(row: RelayedSignal): void {
    this.push({ ...row, text: withoutSecrets(row.text) });
  }
}

function withoutSecrets(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text, (key, value: unknown) => (HIDDEN.has(key) ? '…' : value)));
  } catch {
    // It is no JSON, and what is in it nobody knows.
    return `${text.length} characters`;
  }
}

/** Why bytes are not a frame: `malformed`, of a kind we do not know, over a limit, or encrypted with no cipher configured. */
export type WireErrorReason = 'malformed' | 'unknown-command' | 'too-large' | 'encrypted';

/** The only error that decoding or encoding throws. */
export class WireError extends Error {
  readonly reason: WireErrorReason;

  constructor(reason: WireErrorReason, message: string, cause?: unknown) {
    super(`${reason}: ${message}`);
    this.name = 'WireError';
    this.reason = reason;
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause });
  }
}

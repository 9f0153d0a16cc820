/** Why bytes are no frame: they are malformed, have an unknown command, exceed a limit, or are encrypted. */
export type WireErrorReason = 'malformed' | 'unknown-command' | 'too-large' | 'encrypted';

/** The only error that decoding or encoding throws. */
export class WireError extends Error {
  /** Why it failed. */
  readonly reason: WireErrorReason;

  /**
   * Makes an error.
   *
   * @param reason - why it failed
   * @param message - more about it
   * @param cause - the error behind this one
   */
  constructor(reason: WireErrorReason, message: string, cause?: unknown) {
    super(`${reason}: ${message}`);
    this.name = 'WireError';
    this.reason = reason;
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause });
  }
}

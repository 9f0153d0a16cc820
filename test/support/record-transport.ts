import type { CloseReason, TransportListener } from '../../src/transport/transport.ts';

/** A transport's listener that keeps what it heard, in order. */
export interface TransportRecord extends TransportListener {
  /** `open`, `frame 3`, `bad malformed`, `close silent`. */
  readonly heard: string[];
  readonly reasons: CloseReason[];
}

export function recordTransport(): TransportRecord {
  const heard: string[] = [];
  const reasons: CloseReason[] = [];
  return {
    heard,
    reasons,
    onOpen: () => heard.push('open'),
    onFrame: (frame) => heard.push(`frame ${frame.command}`),
    onBadFrame: (error) => heard.push(`bad ${error.reason}`),
    onClose(reason) {
      heard.push(`close ${reason.kind}`);
      reasons.push(reason);
    },
  };
}

import type { Framing, FramingHost } from './transport.ts';

/** Each binary message is one frame, and there is nothing else. */
export function createRawFraming(host: FramingHost): Framing {
  return {
    path: '/',
    handleOpen: () => host.ready(),
    handleMessage(data) {
      if (typeof data === 'string') host.badFrame('text on a raw socket');
      else host.frame(data);
    },
    send: (frame) => host.write(frame),
    stop() {},
  };
}

/** Nothing listens here, nor will: it is below the ports that systems give away, and none that Chromium refuses to ask. */
export const UNREACHABLE = '127.0.0.1:2';

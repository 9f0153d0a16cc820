import type { DownFrame, UpFrame } from 'flooim/wire';

/** One thing that a device sent or got. */
export type RecordedEvent =
  | {
      /** A REST call. */
      readonly kind: 'rest';
      /** HTTP method. */
      readonly method: string;
      /** Path with its query. */
      readonly path: string;
      /** The body, where it had one. */
      readonly body?: string;
      /** HTTP status of the answer. */
      readonly status: number;
      /** Body of the answer. */
      readonly answer: string;
    }
  | {
      /** A socket opened. */
      readonly kind: 'open';
      /** Number of the socket on its device, from 0. */
      readonly socket: number;
    }
  | {
      /** A socket ended. */
      readonly kind: 'close';
      /** Number of the socket on its device, from 0. */
      readonly socket: number;
    }
  | {
      /** A frame of the device. */
      readonly kind: 'up';
      /** Number of the socket on its device, from 0. */
      readonly socket: number;
      /** The frame as JSON. */
      readonly frame: UpFrame;
    }
  | {
      /** A frame of the server. */
      readonly kind: 'down';
      /** Number of the socket on its device, from 0. */
      readonly socket: number;
      /** The frame as JSON. */
      readonly frame: DownFrame;
    };

/**
 * What all devices sent and got: plain data, for a file. Passwords and tokens are not in it; texts of messages are.
 */
export interface Recording {
  /** Version of this form. */
  readonly version: 1;
  /** The app. */
  readonly appId: string;
  /** The seed of the server's options. */
  readonly seed: number;
  /** When it began, ms since 1970. */
  readonly startedAt: number;
  /** The events of each device, by its name, oldest first. */
  readonly devices: Readonly<Record<string, readonly RecordedEvent[]>>;
}

const SECRET = '***';
const IN_JSON = /("(?:password|token|push_token|access-token)":\s*)"(?:[^"\\]|\\.)*"/g;
const IN_QUERY = /([?&](?:password|token|access-token)=)[^&]*/g;

/** JSON or a URL without passwords and tokens. */
export const withoutSecrets = (text: string): string =>
  text.replace(IN_JSON, `$1"${SECRET}"`).replace(IN_QUERY, `$1${SECRET}`);

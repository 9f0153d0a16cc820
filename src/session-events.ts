import type { FlooError } from './errors.ts';
import type { Id } from './model/ids.ts';

/** Payload of `flooNotice`: something the app may show, or must act on. */
export type FlooNotice =
  | {
      /** A step of the login. */
      category: 'loginMessage';
      /** The step, in the words of the deployed SDK, e.g. `socket connecting...`. */
      desc: string;
    }
  | {
      /** The session ended. The app has to log in again. */
      category: 'action';
      /** `relogin`: log in with saved credentials. `relogin_manually`: ask the user to log in. */
      desc: 'relogin' | 'relogin_manually';
    }
  | {
      /** The server informs about the account. */
      category: 'userNotice';
      /** Name of the notice, e.g. `PASSWORD_CHANGED`. */
      desc: string;
    }
  | {
      /** A conversation was deleted. */
      category: 'conversation_deleted';
      /** The conversation, and where it was deleted. */
      desc: {
        /** User or group id. */
        id: Id;
        /** `user_operation`: on this device. `other_operation`: on another device of the user. */
        source: 'user_operation' | 'other_operation';
      };
    };

/** Payload of `flooError`: an error that no promise reports. */
export interface FlooErrorEvent {
  /**
   * Kind of the error, as the deployed SDK names it: `DNS_FAILED`, `APP_BANNED`, `APP_FROZEN`, `APP_REVOKED`, `USER_BANNED`,
   * `USER_FROZEN`, `LICENSE`, `FAIL`, `CONNECT_ERROR`, the number of a status as text, or `reason` of the error.
   */
  category: string;
  /** What happened, in words: the server's, or those of the deployed SDK. */
  desc: string;
  /** The server's REST code; 0 for none. */
  code?: number;
  /** The error. */
  error: FlooError;
}

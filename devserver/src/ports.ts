/** What the server takes from the place where it runs: a Node process, a test, a page. */

import type { OpenMediaLink } from './rtc/media-link.ts';

/** A timer that {@link Clock.setTimeout} started. Its content is the clock's. */
export type Timer = number | object;

export interface Clock {
  /** ms since 1970. */
  now(): number;
  setTimeout(run: () => void, delayMs: number): Timer;
  clearTimeout(timer: Timer): void;
}

/** A number of at least 0 and below 1. */
export type Random = () => number;

/** Pictures that the server makes. All of them are PNG files. */
export interface Pictures {
  /**
   * A smaller picture with its longer edge of `edgePx`; undefined if the picture is already that small.
   *
   * @throws Error if the file is not a PNG
   */
  thumbnail(file: Uint8Array, edgePx: number): Uint8Array | undefined;
  /** Red, green, blue and alpha of each pixel, row by row, as a file. */
  encode(picture: { readonly width: number; readonly height: number; readonly pixels: Uint8Array }): Uint8Array;
  /** A picture of these digits. */
  digits(text: string): Uint8Array;
}

/** The bytes of the uploaded files of one app, each under its key. */
export interface FileFolder {
  put(key: string, bytes: Uint8Array): void;
  read(key: string): Uint8Array;
}

/** Keeps uploaded files over a restart. */
export interface FileShelf {
  /** @param name of the app's folder */
  folder(name: string): FileFolder;
  /** Removes all files. */
  clear(): void;
}

export interface Ports {
  /** Reaches the media server. Absent: there are no calls. */
  readonly mediaLinks?: OpenMediaLink;
  readonly clock: Clock;
  readonly random: Random;
  /** Absent: pictures are sent as they were uploaded, and a captcha has no digits. */
  readonly pictures?: Pictures;
  /** Absent: uploaded files are in memory. */
  readonly files?: FileShelf;
}

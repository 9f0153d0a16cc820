// The types of flooim.umd.js and flooim.legacy.js: `/// <reference types="flooim/umd" />`.
import type * as sdk from './browser.ts';

/** Callable and constructible, with every export as a property. */
export type FlooIM = typeof sdk.flooim & typeof sdk;

declare global {
  var flooIM: FlooIM;

  var flooim: FlooIM;
}

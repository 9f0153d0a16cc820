// For a script tag: `window.flooIM`, callable and constructible, with every export as a property, and `window.flooim`.
import * as sdk from './browser.ts';

const flooIM = Object.assign(sdk.flooim, sdk);
Object.assign(globalThis, { flooIM, flooim: flooIM });
export default flooIM;

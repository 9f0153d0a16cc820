import { createBrowserPreferences } from '../browser/preferences.ts';
import { createMemoryPreferences } from '../memory/index.ts';
import type { Preferences } from '../ports.ts';

/** Keys of this SDK and of the deployed one under which a device keeps its guid and serial. */
const DEVICE_NAME = /(\.|_user_device_)(guid|sn)$/;

/**
 * The login is kept in the browser's storage. The names of the device are not: messages are in memory only, and the server sends
 * a device that it knows only what is new. After a reload the page is a new device, which gets everything.
 */
export function createLegacyPreferences(): Preferences {
  const kept = createBrowserPreferences();
  const untilReload = createMemoryPreferences();
  const preferencesOf = (key: string): Preferences => (DEVICE_NAME.test(key) ? untilReload : kept);
  return {
    get: (key) => preferencesOf(key).get(key),
    getOwn: (key) => preferencesOf(key).getOwn?.(key),
    set: (key, value) => preferencesOf(key).set(key, value),
    remove(key) {
      preferencesOf(key).remove(key);
      // The deployed SDK's names of the device go, too, when the user is wiped.
      kept.remove(key);
    },
  };
}

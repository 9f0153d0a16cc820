import type { FlooClient } from 'flooim';

const POLL_MS = 10;
const GIVE_UP_MS = 10_000;

/**
 * Whether the user of the last time is logged in, as far as this device knows: false when there was none, else true as soon
 * as what is stored can be read, which is long before `loginSuccess` and without any network. No event says so; `isLogin()`
 * is true from that moment on.
 */
export async function untilReadable(im: FlooClient): Promise<boolean> {
  const end = Date.now() + GIVE_UP_MS;
  while (im.userManage.getUid() !== undefined && Date.now() < end) {
    if (im.isLogin()) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

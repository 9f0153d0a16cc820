import { FlooError } from '../errors.ts';
import { UNBIND_DEVICE } from '../http/endpoints.ts';
import type { RestClient } from '../http/rest-client.ts';
import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import type { IdentityStore } from '../session/identity.ts';
import type { Account, Accounts } from './account.ts';

interface LogOutDeps {
  identities: IdentityStore;
  accounts: Accounts;
  rest: RestClient;
  clock: Clock;
}

interface LeavingUser {
  uid: Id;
  /** The user's data, if it is open. */
  account: Account | undefined;
  /** Data that is still being opened, and closes by itself. */
  opening: Promise<void>;
  /** Serial that the server gave this device; undefined when it gave none. */
  serial: number | undefined;
  wipe: boolean;
}

/** A logout does not wait longer for a server that is slow or gone. */
const SIGN_OFF_LIMIT_MS = 1000;

/**
 * Forgets a user on this device, and closes the user's data; with `wipe`, removes it. When this resolves, the token cannot come
 * back, even if the process is killed at once.
 *
 * @throws FlooError DbOperationFailed when something could not be removed; everything else is done all the same
 */
export async function logOut(deps: LogOutDeps, { uid, account, opening, serial, wipe }: LeavingUser): Promise<void> {
  const { identities, accounts } = deps;
  // Takes the token along before it is forgotten.
  const signedOff = serial === undefined ? undefined : signOff(deps, serial);
  const forgotten = failureOf(identities.forget(uid));
  await account?.close();
  const failures = [await forgotten];
  if (wipe) {
    await opening;
    failures.push(await failureOf(identities.wipe(uid)), await failureOf(accounts.drop(uid)));
  }
  await signedOff;
  const failure = failures.find(Boolean);
  if (failure) throw FlooError.from(failure.error, 'DbOperationFailed');
}

/**
 * Informs the server: the device gets no pushes any more. There is no call that ends only the token. A kick of one's own device
 * would also end the next session wherever the server keeps the notice for it.
 *
 * @returns a promise that resolves soon, whatever the server does
 */
async function signOff({ rest, clock }: LogOutDeps, deviceSn: number): Promise<void> {
  const call = rest.call(UNBIND_DEVICE, { deviceSn });
  return new Promise((resolve) => {
    const timer = clock.setTimeout(resolve, SIGN_OFF_LIMIT_MS);
    void failureOf(call).then(() => {
      clock.clearTimeout(timer);
      resolve();
    });
  });
}

/** What a promise rejected with; undefined when it resolved. */
const failureOf = async (work: Promise<unknown>): Promise<{ error: unknown } | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );

import { FlooError, isFlooError } from '../errors.ts';
import { fromEntries } from '../util/es2019.ts';

type Method = (...args: readonly unknown[]) => unknown;

/** Levels of an argument's fields that are read: a message in a call, and its attachment. */
const DEPTH = 3;

/**
 * The same methods. A call whose argument throws when it is read, such as a getter of the app's or a revoked proxy, fails with
 * InvalidParam.
 */
export function withReadableArguments<Methods extends object>(methods: Methods): Methods {
  // The type of an object made from entries does not keep their names.
  return fromEntries(
    Object.entries(methods).map(([name, method]: [string, unknown]) => [
      name,
      typeof method === 'function' ? guarded(method as Method) : method,
    ]),
  ) as Methods;
}

function guarded(method: Method): Method {
  return (...args) => {
    let result: unknown;
    try {
      result = method(...args);
    } catch (error) {
      throw args.some((arg) => isUnreadable(arg)) ? refusalOf(error) : error;
    }
    // Another promise than the method's would have to be handled by the app, so it is made for a call that fails only.
    if (!(result instanceof Promise) || !args.some((arg) => isUnreadable(arg))) return result;
    const refused = result.catch((error: unknown) => {
      throw refusalOf(error);
    });
    // Of some methods deployed apps ignore the promise, and an unhandled rejection would end a Node process.
    refused.catch(() => undefined);
    return refused;
  };
}

function isUnreadable(value: unknown, depth = DEPTH): boolean {
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  try {
    // A proxy may have no field and throw for each.
    Reflect.get(value, 'constructor');
    // The fields of bytes are the bytes.
    return !ArrayBuffer.isView(value) && Object.values(value).some((field) => isUnreadable(field, depth - 1));
  } catch {
    // What it throws is the cause of the call's error.
    return true;
  }
}

const refusalOf = (error: unknown): FlooError =>
  isFlooError(error) && error.reason !== 'DbOperationFailed'
    ? error
    : new FlooError('InvalidParam', 'an argument cannot be read', { cause: error });

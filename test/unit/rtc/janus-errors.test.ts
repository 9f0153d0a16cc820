import { expect, test } from 'vitest';
import { FlooError } from '../../../src/errors.ts';
import { janusCode, janusError } from '../../../src/rtc/janus-errors.ts';
import type { CallPort } from '../../../src/call-port.ts';

const port: Pick<CallPort, 'createError'> = { createError: (...given) => new FlooError(...given) };

test.each([
  [403, 'UserPermissionDenied'],
  [426, 'NotFound'],
  [428, 'NotFound'],
  [432, 'ServerBusy'],
  [433, 'UserPermissionDenied'],
  [458, 'ServerNeedReconnected'],
  [459, 'ServerNeedReconnected'],
  [472, 'ServerBusy'],
  [436, 'ServerUnknownError'],
  [429, 'ServerUnknownError'],
])('Janus error %i is %s, and names its code', (code, reason) => {
  const error = janusError(port, code, 'as Janus says');
  expect(error).toMatchObject({ reason, details: { janus: { code, reason: 'as Janus says' } } });
  expect(janusCode(error)).toBe(code);
});

test('other errors have no code of Janus', () => {
  for (const other of [undefined, null, new Error('x'), new FlooError('NotFound', 'x')])
    expect(janusCode(other)).toBeUndefined();
});

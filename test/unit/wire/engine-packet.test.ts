import { expect, test } from 'vitest';
import { encodeAttachment, parseAttachment, parseTextAttachment } from '../../../src/wire/engine-packet.ts';
import { fromHex, toHex } from '../../support/fake-socket.ts';

test('an attachment of version 3 has 04 first', () => {
  expect(toHex(encodeAttachment(fromHex('080010001800'), 3))).toBe('04080010001800');
  expect(parseAttachment(fromHex('04080010001800'), 3)).toEqual(fromHex('080010001800'));
  expect(parseTextAttachment('4CAAQABgA', 3)).toEqual(fromHex('080010001800'));
});

test('one without it is none', () => {
  expect(parseAttachment(fromHex('080010001800'), 3)).toBeUndefined();
  expect(parseAttachment(new Uint8Array(0), 3)).toBeUndefined();
  expect(parseTextAttachment('CAAQABgA', 3)).toBeUndefined();
});

test('an attachment of version 4 is bare', () => {
  expect(toHex(encodeAttachment(fromHex('04ff'), 4))).toBe('04ff');
  expect(parseAttachment(fromHex('04ff'), 4)).toEqual(fromHex('04ff'));
  expect(parseTextAttachment('BP8=', 4)).toEqual(fromHex('04ff'));
});

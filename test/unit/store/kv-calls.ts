import type { KvRange, KvWrite } from '../../../src/platform/ports.ts';
import { fc } from '../../support/property.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');

const write: fc.Arbitrary<KvWrite> = fc.oneof(
  fc.record({ op: fc.constant('put' as const), key, value: fc.nat(9) }),
  fc.record({ op: fc.constant('delete' as const), key }),
  fc.record({ op: fc.constant('deleteRange' as const), from: key, to: key }),
);

const range: fc.Arbitrary<KvRange> = fc.record(
  { from: key, to: key, reverse: fc.boolean(), limit: fc.nat(4) },
  { requiredKeys: ['from', 'to'] },
);

/** Any keys, writes and ranges of a small database. */
export const kvCalls = { key, write, range };

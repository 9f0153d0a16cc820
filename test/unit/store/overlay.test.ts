import { describe, expect, test } from 'vitest';
import { Overlay } from '../../../src/store/overlay.ts';
import type { Change } from '../../../src/store/overlay.ts';
import { fc } from '../../support/property.ts';

type Records = Map<string, number>;

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const key = fc.constantFrom(...KEYS);
const change: fc.Arbitrary<Change<number>> = fc.oneof(
  fc.record({ op: fc.constant('put' as const), key, value: fc.nat(99) }),
  fc.record({ op: fc.constant('delete' as const), key }),
  fc.record({ op: fc.constant('deleteRange' as const), from: key, to: key }),
);
const records = fc.dictionary(key, fc.nat(99)).map((found) => new Map(Object.entries(found)));

/** The plain model: a map that is changed in place. */
function applyTo(model: Records, changes: readonly Change<number>[]): void {
  for (const each of changes) {
    if (each.op === 'put') model.set(each.key, each.value);
    else if (each.op === 'delete') model.delete(each.key);
    else for (const at of [...model.keys()]) if (each.from <= at && at < each.to) model.delete(at);
  }
}

function make(overlay: Overlay<number>, each: Change<number>): void {
  if (each.op === 'put') overlay.set(each.key, each.value);
  else if (each.op === 'delete') overlay.delete(each.key);
  else overlay.deleteRange(each.from, each.to);
}

const sorted = (entries: Iterable<readonly [string, number]>): (readonly [string, number])[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

/** Checks that every way to read an overlay gives the data of the model. */
function expectSame(overlay: Overlay<number>, base: Records, model: Records): void {
  const expected = sorted(model);
  for (const at of KEYS) expect(overlay.get(at, base)).toBe(model.get(at));
  expect(sorted(overlay.over(base))).toEqual(expected);
  const below = [...base].filter(([at]) => 'b' <= at && at < 'e');
  expect(sorted(overlay.range('b', 'e').over(below))).toEqual(expected.filter(([at]) => 'b' <= at && at < 'e'));
  expect(expected.length).toBeGreaterThanOrEqual(base.size - overlay.mayHide);
}

test('a stack of overlays equals a map with all changes', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: change },
    { weight: 1, arbitrary: fc.constantFrom('child' as const, 'fork' as const, 'store' as const) },
  );
  fc.assert(
    fc.property(records, fc.array(step, { maxLength: 30 }), (base, steps) => {
      const model = new Map(base);
      /** The overlays below the one that is changed, which are not in the base yet. */
      let stack: Overlay<number>[] = [];
      let overlay = new Overlay<number>();
      for (const each of steps) {
        if (each === 'child') {
          stack.push(overlay);
          overlay = overlay.child();
        } else if (each === 'fork') {
          const left = overlay;
          overlay = overlay.fork();
          // Later changes of the other one are not seen.
          left.deleteRange('a', 'f');
          left.set('a', -1);
        } else if (each === 'store') {
          for (const stored of stack) applyTo(base, stored.changes());
          expectSame(overlay, base, model);
          overlay = overlay.detached();
          stack = [];
        } else {
          make(overlay, each);
          applyTo(model, [each]);
        }
        expectSame(overlay, base, model);
      }
      for (const stored of [...stack, overlay]) applyTo(base, stored.changes());
      expect(sorted(base)).toEqual(sorted(model));
    }),
  );
});

test('dropping an overlay undoes its changes', () => {
  fc.assert(
    fc.property(records, fc.array(change), fc.array(change), (base, first, second) => {
      const below = new Overlay<number>();
      below.apply(first);
      const before = sorted(below.over(base));
      below.child().apply(second);
      expect(sorted(below.over(base))).toEqual(before);
    }),
  );
});

test('changes that are stored are forgotten; what was changed since then stays', () => {
  fc.assert(
    fc.property(records, fc.array(change), fc.array(change), (base, first, second) => {
      const model = new Map(base);
      const overlay = new Overlay<number>();
      overlay.apply(first);
      const stored = overlay.changes();
      overlay.apply(second);
      applyTo(model, [...first, ...second]);
      applyTo(base, stored);
      expectSame(overlay, base, model);
      overlay.forget(stored);
      expectSame(overlay, base, model);
      overlay.forget(overlay.changes());
      expect(overlay.isEmpty).toBe(true);
    }),
  );
});

describe('a key in an overlay', () => {
  test('has its own change, the change of its parent, or none', () => {
    const parent = new Overlay<number>();
    parent.set('a', 1);
    parent.set('b', 1);
    const child = parent.child();
    child.delete('b');
    expect(child.find('a')).toEqual({ op: 'put', key: 'a', value: 1 });
    expect(child.find('b')).toEqual({ op: 'delete', key: 'b' });
    expect(child.find('c')).toBeUndefined();
    child.deleteRange('c', 'd');
    expect(child.find('c')).toEqual({ op: 'delete', key: 'c' });
    expect(child.find('d')).toBeUndefined();
    expect(parent.find('b')).toEqual({ op: 'put', key: 'b', value: 1 });
  });

  test('conflicts only with a change of the same key', () => {
    const overlay = new Overlay<number>();
    overlay.set('c', 1);
    overlay.deleteRange('x', 'z');
    expect(overlay.meets([{ op: 'put', key: 'c', value: 2 }])).toBe(true);
    expect(overlay.meets([{ op: 'delete', key: 'y' }])).toBe(true);
    expect(overlay.meets([{ op: 'deleteRange', from: 'a', to: 'd' }])).toBe(true);
    expect(overlay.meets([{ op: 'deleteRange', from: 'y', to: 'zz' }])).toBe(true);
    expect(overlay.meets([{ op: 'put', key: 'd', value: 2 }])).toBe(false);
    expect(overlay.meets([{ op: 'deleteRange', from: 'd', to: 'x' }])).toBe(false);
    expect(overlay.meets([])).toBe(false);
  });

  test('keeps the order of the records below and adds new ones after them', () => {
    const overlay = new Overlay<number>();
    overlay.set('z', 3);
    overlay.set('a', 4);
    overlay.set('y', 5);
    expect([
      ...overlay.over([
        ['b', 1],
        ['a', 2],
      ]),
    ]).toEqual([
      ['b', 1],
      ['a', 4],
      ['z', 3],
      ['y', 5],
    ]);
  });
});

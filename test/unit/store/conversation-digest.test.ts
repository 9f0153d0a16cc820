import { expect, test } from 'vitest';
import { ConversationDigest, newestHole } from '../../../src/store/conversation-digest.ts';
import { activityOf, emptyConversation } from '../../../src/store/schema.ts';
import type { ConversationRecord } from '../../../src/store/schema.ts';
import { fc } from '../../support/property.ts';

const change = fc.record({
  key: fc.constantFrom('r1', 'r2', 'g1', 'g2'),
  timestamp: fc.integer({ min: 0, max: 9 }).map(String),
  touchedAt: fc.integer({ min: 0, max: 9 }),
  listed: fc.boolean(),
  newestId: fc.constantFrom('0', '5'),
  previewId: fc.constantFrom('0', '5'),
  gaps: fc.constantFrom<ConversationRecord['gaps'][]>([], [['1', '2']], [['3', '4']], [['1', '5']]),
});

test('it answers as a walk through all conversations would, after any changes', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
      const records = new Map<string, ConversationRecord>();
      const digest = new ConversationDigest(records);
      for (const { key, ...fields } of changes) {
        const record = { ...emptyConversation(key), ...fields };
        records.set(key, record);
        digest.put(key, record);
        const listed = [...records.values()].filter((each) => each.listed);
        expect(digest.newestActivity).toBe(Math.max(0, ...listed.map(activityOf)));
        const incomplete = [...records].filter(([, each]) => newestHole(each)).map(([each]) => each);
        expect([...digest.incomplete].sort()).toEqual(incomplete.sort());
      }
    }),
  );
});

import { describe, expect, test } from 'vitest';
import { DELIVERY_STATUS } from '../../../src/model/message.ts';
import type { Edit, StoredMessage } from '../../../src/store/schema.ts';
import { mergeJsonText, resolveMessage, withEdit, withVersion } from '../../../src/sync/message-ops.ts';
import { fc } from '../../support/property.ts';
import { PEER, SELF } from './harness.ts';

const FIRST_ID = 1000;

const message = (content: string, editTimestamp = '0', ext = ''): StoredMessage => ({
  id: '1',
  from: PEER,
  to: SELF,
  content,
  type: 'text',
  ext,
  status: DELIVERY_STATUS.unread,
  timestamp: '1',
  toType: 'roster',
  is_system: false,
  isHistory: false,
  isNative: false,
  isPlayed: false,
  editTimestamp,
});

type Text = Pick<StoredMessage, 'content' | 'ext' | 'editTimestamp'>;
const textOf = ({ content, ext, editTimestamp }: Text): Text => ({ content, ext, editTimestamp });

/** What the server makes of the edits, in order. The item at n has the first n edits. */
function versions(base: string, edits: readonly Edit[]): Text[] {
  const all: Text[] = [{ content: base, ext: '', editTimestamp: '0' }];
  for (const { append, content, ext, timestamp } of edits) {
    const last = all[all.length - 1]!;
    all.push({
      content: append ? last.content + content : content || last.content,
      ext: mergeJsonText(last.ext, ext),
      editTimestamp: timestamp,
    });
  }
  return all;
}

/** A page of history brings a version, as `applyMessages` takes it. */
function take(stored: StoredMessage, { content, ext, editTimestamp }: Text): StoredMessage {
  if (Number(editTimestamp) <= Number(stored.editTimestamp)) return stored;
  return resolveMessage(withVersion(stored, { content, ext, editTimestamp }), [], SELF);
}

function receive(stored: StoredMessage, edit: Edit): StoredMessage {
  const ops = withEdit(stored.ops ?? {}, edit);
  return ops ? resolveMessage({ ...stored, ops }, [], SELF) : stored;
}

/** Edits in the server's order. Several have the time of the one before. */
const edits = (token: fc.Arbitrary<string>): fc.Arbitrary<Edit[]> =>
  fc
    .array(fc.record({ token, isSameTime: fc.boolean(), kind: fc.constantFrom('append', 'append', 'append', 'ext') }), {
      maxLength: 12,
    })
    .map((made) => {
      let time = 100;
      return made.map(({ token: text, isSameTime, kind }, at) => {
        if (!isSameTime) time++;
        const [content, ext] = kind === 'ext' ? ['', JSON.stringify({ [text]: at })] : [text, ''];
        return { id: String(FIRST_ID + at), append: true, timestamp: String(time), content, config: '', ext };
      });
    });

describe('the text of a message is the server’s', () => {
  // When edits of the same text come out of order around a version of their own millisecond, nothing tells them apart.
  test.each([
    ['in whatever order edits come', false, fc.nat(1_000_000).map((token) => `<${token}>`)],
    ['when edits of the same text come in their order', true, fc.constantFrom('a', 'b', 'ab')],
  ])('%s, and versions at any time', (_, inOrder, token) => {
    fc.assert(
      fc.property(edits(token), fc.infiniteStream(fc.nat()), (sent, chance) => {
        fc.pre(inOrder || new Set(sent.map(({ content, ext }) => content + ext)).size === sent.length);
        const server = versions('base', sent);
        const next = (below: number): number => (chance.next().value as number) % below;
        let stored = message('base');
        const left = [...sent];
        while (left.length > 0) {
          if (next(3) === 0) stored = take(stored, server[next(server.length)]!);
          const [edit] = left.splice(inOrder ? 0 : next(left.length), 1);
          stored = receive(receive(stored, edit!), edit!);
        }
        expect(textOf(stored)).toEqual(server[server.length - 1]);
      }),
    );
  });

  test('also when a version with edits is the first that comes', () => {
    const unique = fc.nat(1_000_000).map((token) => `<${token}>`);
    fc.assert(
      fc.property(edits(unique), fc.nat(), fc.nat(), (sent, first, known) => {
        fc.pre(new Set(sent.map(({ content }) => content)).size === sent.length);
        const server = versions('base', sent);
        const at = first % server.length;
        const { content, ext, editTimestamp } = server[at]!;
        // Edits that came before the message wait for it.
        const early = sent.slice(0, known % (at + 1));
        const ops = early.reduce<NonNullable<StoredMessage['ops']>>((all, edit) => withEdit(all, edit)!, {});
        let stored = message(content, editTimestamp, ext);
        if (early.length > 0) stored = resolveMessage({ ...stored, ops }, [], SELF);
        for (const edit of sent.slice(early.length)) stored = receive(stored, edit);
        expect(textOf(stored)).toEqual(server[server.length - 1]);
      }),
    );
  });

  test('for a long stream in order, with a version in the middle', () => {
    const sent = Array.from({ length: 1000 }, (_, at) => ({
      id: String(FIRST_ID + at),
      append: true,
      timestamp: String(100 + Math.floor(at / 7)),
      content: String(at % 10),
      config: '',
      ext: '',
    }));
    const server = versions('', sent);
    let stored = message('');
    sent.forEach((edit, at) => {
      // Pages of history run ahead of the edits.
      if (at % 90 === 50) stored = take(stored, server[Math.min(1000, at + 20)]!);
      stored = receive(stored, edit);
    });
    expect(stored.content).toBe(server[1000]!.content);
    expect(stored.ops!.edits!.length).toBeLessThanOrEqual(256);
  });
});

test('an own edit that the server does not name comes after the known ones, and a newer version has it', () => {
  const at = (id: number, content: string, timestamp: string): Edit => ({
    id: String(id),
    append: true,
    timestamp,
    content,
    config: '',
    ext: '',
  });
  let stored = [at(1000, 'a', '100'), at(7, 'b', '0'), at(8, 'c', '0'), at(1010, 'd', '103')].reduce(
    receive,
    message(''),
  );
  expect(stored.content).toBe('abcd');
  stored = take(stored, { content: 'abcde', ext: '', editTimestamp: '104' });
  stored = receive(stored, at(1011, 'e', '104'));
  expect(stored.content).toBe('abcde');
});

test('a replacement that comes late undoes nothing that was merged', () => {
  let stored = message('');
  for (let at = 1; at <= 300; at++)
    stored = receive(stored, {
      id: String(FIRST_ID + at),
      append: true,
      timestamp: String(100 + at),
      content: 'x',
      config: '',
      ext: '',
    });
  const late = { id: String(FIRST_ID), append: false, timestamp: '100', content: 'old', config: '', ext: '' };
  expect(receive(stored, late).content).toBe('x'.repeat(300));
});

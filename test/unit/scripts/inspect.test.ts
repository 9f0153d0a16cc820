import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bytesField, bytesOf, concat, rawFrame, varintField, vectorOf } from '../wire/vectors.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function inspect(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const tsx = ['--import', 'tsx', 'scripts/inspect.ts'];
  return spawnSync(process.execPath, [...tsx, ...args], { cwd: root, encoding: 'utf8' });
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('inspect', { timeout: 20_000 }, () => {
  test.each(['provision ok', 'sync last page, ids above 2^53', 'notice', 'unread (also the heartbeat)'])(
    'prints the fields on the wire: %s',
    (name) => {
      const { hex, direction, frame } = vectorOf(name);
      const { status, stdout, stderr } = inspect(`--${direction}`, hex);
      expect([status, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toEqual(frame);
    },
  );

  test('takes hex in upper case and in pieces', () => {
    const { hex, frame } = vectorOf('notice');
    const { status, stdout } = inspect('--down', hex.slice(0, 10).toUpperCase(), ` ${hex.slice(10)}\n`);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(frame);
  });

  test('prints bytes as hex and lists what was skipped', () => {
    const unknown = concat(varintField(1, 7), varintField(5, 77), bytesField(6, bytesOf('fffe')));
    const empty = concat(varintField(1, 8), varintField(5, 77), bytesField(6));
    const broken = concat(varintField(1, 9), varintField(5, 1), bytesField(6, bytesOf('22ff')));
    const { status, stdout } = inspect(
      '--down',
      hexOf(rawFrame(1, concat(bytesField(2, unknown), bytesField(2, empty), bytesField(2, broken)))),
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      command: 1,
      payload: {
        metas: [
          { id: '7', ns: 77, payload: 'fffe' },
          { id: '8', ns: 77, payload: '' },
        ],
      },
      skipped: [{ id: '9', ns: 1, reason: expect.any(String) }],
    });
  });

  test.each([
    ['no hex', ['--down']],
    ['an odd number of digits', ['--down', '080']],
    ['no hex digits', ['--down', 'zz']],
    ['no direction', ['0800']],
  ])('exits with 2 and its usage: %s', (_title, args) => {
    const { status, stdout, stderr } = inspect(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^usage: /);
  });

  test.each([
    ['malformed', '0880'],
    ['unknown-command', '1809'],
    ['encrypted', '2801'],
  ])('exits with 1 and one line when the input is not a frame: %s', (reason, hex) => {
    const { status, stdout, stderr } = inspect('--down', hex);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^${reason}: .*\n$`));
  });
});

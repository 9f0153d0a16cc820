/** The allowed imports between rooms: the table of ARCHITECTURE.md as data, and its checks. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cycles, readSources, SRC } from '../support/source-files.ts';
import type { Source } from '../support/source-files.ts';

interface Room {
  rank: number;
  /** Folders (`store/`) and single files (`errors.ts`) under src; the first room that has a file owns it. */
  files: readonly string[];
  /** Files and folders of other rooms that it may import; its own always. */
  may: readonly string[];
  /** Packages from npm. */
  packages?: readonly string[];
}

/** Rank 0 as most rooms see it. */
const BASE = ['model/', 'util/', 'errors.ts', 'foreign-text.ts', 'platform/ports.ts'];

/** The table of ARCHITECTURE.md. It holds for `import type` too: a file depends on the types that it names. */
const ROOMS: Readonly<Record<string, Room>> = {
  model: { rank: 0, files: ['model/'], may: [] },
  ports: { rank: 0, files: ['platform/ports.ts', 'platform/ports/'], may: [] },
  errors: { rank: 0, files: ['errors.ts', 'error-codes.ts', 'foreign-text.ts'], may: ['platform/ports.ts'] },
  util: { rank: 0, files: ['util/'], may: ['platform/ports.ts'], packages: ['eventemitter3', 'mime'] },
  // A public entry, which everybody else finds in the files behind it.
  'wire entry': { rank: 2, files: ['wire/index.ts'], may: ['wire/'], packages: ['pako'] },
  wire: { rank: 1, files: ['wire/'], may: BASE, packages: ['long', 'pako', 'protobufjs'] },
  'error-texts': { rank: 2, files: ['error-texts/'], may: ['errors.ts', 'chronicle/'] },
  chronicle: { rank: 1, files: ['chronicle/'], may: BASE },
  transport: { rank: 2, files: ['transport/'], may: [...BASE, 'wire/'] },
  store: { rank: 2, files: ['store/'], may: [...BASE, 'platform/memory/'] },
  http: { rank: 2, files: ['http/'], may: BASE },
  bootstrap: { rank: 3, files: ['bootstrap/'], may: [...BASE, 'chronicle/'] },
  directory: { rank: 3, files: ['directory/'], may: [...BASE, 'http/', 'store/'] },
  session: {
    rank: 4,
    files: ['session/'],
    may: [...BASE, 'chronicle/', 'wire/', 'transport/', 'bootstrap/', 'platform/memory/'],
  },
  sync: { rank: 5, files: ['sync/'], may: [...BASE, 'chronicle/', 'wire/', 'store/'] },
  files: {
    rank: 6,
    files: ['files/'],
    may: [...BASE, 'wire/utf8.ts', 'store/', 'http/', 'sync/'],
  },
  account: {
    rank: 7,
    files: ['account/'],
    may: [
      ...[...BASE, 'chronicle/', 'wire/', 'transport/', 'store/', 'http/', 'bootstrap/', 'directory/', 'session/'],
      ...['sync/', 'files/'],
    ],
  },
  'client-events': { rank: 2, files: ['client-events.ts', 'session-events.ts'], may: [...BASE, 'chronicle/'] },
  'public-events': {
    rank: 8,
    files: ['public-events/'],
    may: [
      ...[...BASE, 'chronicle/', 'client-events.ts', 'session-events.ts', 'wire/', 'store/', 'session/', 'sync/'],
      'account/',
    ],
  },
  managers: {
    rank: 8,
    files: ['managers/'],
    may: [
      ...BASE,
      'client-events.ts',
      'account/',
      'files/',
      'http/',
      'store/',
      'sync/outgoing.ts',
      'sync/detail-commands.ts',
      'sync/client-mid.ts',
      'sync/operation-targets.ts',
      'session/identity.ts',
      'wire/enums.ts',
    ],
  },
  tabs: {
    rank: 8,
    files: ['tabs/'],
    may: [...BASE, 'chronicle/', 'store/', 'directory/', 'session/', 'sync/', 'account/'],
  },
  'call-port': { rank: 9, files: ['call-port.ts'], may: [...BASE, 'managers/rtc-manage.ts'] },
  // Another bundle: of the client it takes types, and leaves that bring nothing along.
  rtc: {
    rank: 10,
    files: ['rtc/'],
    may: ['call-port.ts', 'errors.ts', 'managers/rtc-manage.ts', 'model/', 'platform/ports.ts', 'util/'],
  },
  client: {
    rank: 10,
    files: [
      'options.ts',
      'startup.ts',
      'client-core.ts',
      'call-link.ts',
      'client-story.ts',
      'user-data.ts',
      'floo-client.ts',
      'client.ts',
    ],
    may: [
      ...[...BASE, 'chronicle/', 'wire/', 'transport/', 'store/', 'http/', 'bootstrap/', 'directory/', 'session/'],
      ...[
        'sync/',
        'files/',
        'account/',
        'tabs/',
        'public-events/',
        'managers/',
        'client-events.ts',
        'call-port.ts',
        'platform/memory/',
      ],
    ],
  },
  'web-api': { rank: 1, files: ['platform/web-api/'], may: ['platform/ports.ts', 'util/', 'errors.ts'] },
  memory: { rank: 1, files: ['platform/memory/'], may: ['platform/ports.ts', 'util/', 'errors.ts'] },
  journal: {
    rank: 2,
    files: ['platform/journal/'],
    may: ['platform/ports.ts', 'util/', 'errors.ts', 'platform/memory/'],
  },
  browser: {
    rank: 2,
    files: ['platform/browser/'],
    may: ['platform/ports.ts', 'util/', 'errors.ts', 'platform/web-api/', 'platform/memory/'],
    packages: ['idb'],
  },
  node: {
    rank: 3,
    files: ['platform/node/'],
    may: ['platform/ports.ts', 'util/', 'errors.ts', 'platform/web-api/', 'platform/memory/', 'platform/journal/'],
    packages: ['ws', 'node:events', 'node:fs', 'node:http', 'node:https', 'node:path', 'node:stream'],
  },
  legacy: {
    rank: 3,
    files: ['platform/legacy/'],
    may: ['platform/ports.ts', 'platform/memory/', 'platform/browser/', 'platform/web-api/'],
  },
  'mini-program': {
    rank: 3,
    files: ['platform/mini-program/'],
    may: [
      ...['platform/ports.ts', 'util/', 'platform/web-api/', 'platform/memory/', 'platform/journal/'],
      'wire/utf8.ts',
    ],
  },
  index: {
    rank: 11,
    files: ['index.ts'],
    may: [
      ...BASE,
      'chronicle/',
      'managers/',
      'client.ts',
      'client-events.ts',
      'session-events.ts',
      'floo-client.ts',
      'call-port.ts',
      'options.ts',
    ],
  },
  entries: {
    rank: 12,
    files: ['entries/'],
    may: [
      ...['index.ts', 'errors.ts', 'client.ts', 'floo-client.ts', 'options.ts', 'call-port.ts', 'platform/ports.ts'],
      ...['platform/browser/', 'platform/legacy/', 'platform/mini-program/', 'platform/node/'],
    ],
    packages: ['core-js'],
  },
  // Built on a client as an app has it, whose types are those of the package. Its code stays in the app's own entry.
  live: { rank: 12, files: ['live/'], may: ['index.ts', 'model/ids.ts', 'rtc/index.ts'] },
  react: { rank: 13, files: ['react/'], may: ['index.ts', 'live/'], packages: ['react'] },
  vue: { rank: 13, files: ['vue/'], may: ['index.ts', 'live/'], packages: ['vue'] },
};

/** The entries of frameworks. */
const ON_A_CLIENT = /^(live|react|vue)\//;

const sources = readSources();
const written = sources.filter(({ isGenerated }) => !isGenerated);

describe('rooms', () => {
  test('every file belongs to a room', () => {
    expect(sources.filter(({ path }) => !roomOf(path)).map(({ path }) => path)).toEqual([]);
  });

  test('a room may import only from rooms of a lower rank', () => {
    // The ports, which import nothing, lie below the rest of rank 0.
    expect(ROOMS['ports']!.may).toEqual([]);
    const upward = Object.entries(ROOMS).flatMap(([name, { rank, may }]) =>
      may
        .map((place) => ({ place, other: roomOf(place) }))
        .filter(({ other }) => other !== 'ports' && (other === undefined || ROOMS[other]!.rank >= rank))
        .map(({ place }) => `${name} → ${place}`),
    );
    expect(upward).toEqual([]);
  });

  test('every place in the table exists', () => {
    const places = Object.values(ROOMS).flatMap(({ files, may }) => [...files, ...may]);
    expect(places.filter((place) => !existsSync(join(SRC, place)))).toEqual([]);
  });

  test('a file imports only what its room may', () => {
    const strangers = sources.flatMap(({ path, imports }) => {
      const { files, may, packages = [] } = ROOMS[roomOf(path)!]!;
      return imports
        .filter(({ path: target, specifier }) =>
          target === undefined
            ? !packages.includes(specifier.split('/')[0]!)
            : roomOf(target) !== roomOf(path) && ![...files, ...may].some((place) => isWithin(target, place)),
        )
        .map(({ specifier }) => `${path} → ${specifier}`);
    });
    expect(strangers).toEqual([]);
  });

  test('imports form no cycle, types included', () => {
    expect(cycles(sources)).toEqual([]);
  });

  test('no room imports a public entry', () => {
    const entries = [
      'index.ts',
      'wire/index.ts',
      'error-texts/index.ts',
      'react/index.ts',
      'rtc/index.ts',
      'vue/index.ts',
    ];
    expect(
      edges()
        .filter(([from, to]) => entries.includes(to) && !from.startsWith('entries/') && !ON_A_CLIENT.test(from))
        .map((edge) => edge.join(' → ')),
    ).toEqual([]);
  });

  test('what is built on a client takes types of it and of calls, and no code', () => {
    const isEntry = (target: string | undefined): boolean => target === 'index.ts' || target === 'rtc/index.ts';
    const values = written.flatMap(({ path, imports }) =>
      imports
        .filter(({ path: target, typeOnly }) => ON_A_CLIENT.test(path) && isEntry(target) && !typeOnly)
        .map(({ specifier }) => `${path} → ${specifier}`),
    );
    expect(values).toEqual([]);
  });

  test('calls are another bundle: they take types of the client, and two leaves', () => {
    const values = written.flatMap(({ path, imports }) =>
      imports
        .filter(({ path: target, typeOnly }) => path.startsWith('rtc/') && !target?.startsWith('rtc/') && !typeOnly)
        .map(({ path: target }) => target),
    );
    expect([...new Set(values)].sort()).toEqual(['model/ids.ts', 'util/call-isolated.ts']);
  });

  test('a manager never imports another one', () => {
    expect(
      edges()
        .filter(([from, to]) => [from, to].every((path) => path.startsWith('managers/') && path.endsWith('-manage.ts')))
        .map((edge) => edge.join(' → ')),
    ).toEqual([]);
  });

  test('an entry joins at most one platform to the client', () => {
    const platformsOf = (entry: string): Set<string> =>
      new Set(edges(entry).flatMap(([, to]) => /^platform\/([a-z-]+)\//.exec(to)?.[1] ?? []));
    const entries = written.map(({ path }) => path).filter((path) => path.startsWith('entries/'));
    expect(entries.filter((entry) => platformsOf(entry).size > 1)).toEqual([]);
  });

  test('ports are types; the texts know the codes by type only', () => {
    const values = written.flatMap(({ path, imports }) =>
      imports
        .filter(
          ({ path: target, typeOnly }) =>
            !typeOnly && (target === 'platform/ports.ts' || path.startsWith('error-texts/')),
        )
        .filter(({ path: target }) => !target?.startsWith('error-texts/'))
        .map(({ specifier }) => `${path} → ${specifier}`),
    );
    expect(values).toEqual([]);
  });
});

function roomOf(path: string): string | undefined {
  return Object.keys(ROOMS).find((name) => ROOMS[name]!.files.some((place) => isWithin(path, place)));
}

function isWithin(path: string, place: string): boolean {
  return path === place || (place.endsWith('/') && path.startsWith(place));
}

function edges(of?: string): [from: string, to: string][] {
  return sources.flatMap(({ path, imports }) =>
    of === undefined || path === of
      ? imports.flatMap(({ path: target }): [string, string][] => (target === undefined ? [] : [[path, target]]))
      : [],
  );
}

test('the check of cycles finds a cycle', () => {
  const file = (path: string, ...targets: string[]): Pick<Source, 'path' | 'imports'> => ({
    path,
    imports: targets.map((target) => ({ specifier: target, path: target, typeOnly: true })),
  });
  expect(cycles([file('a', 'b'), file('b', 'c', 'd'), file('c'), file('d', 'a')])).toEqual(['a → b → d → a']);
  expect(cycles([file('a', 'b', 'c'), file('b', 'c'), file('c')])).toEqual([]);
});

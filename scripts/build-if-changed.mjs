// `build-if-changed.mjs package|demo`: builds what the package or the demos need, unless all of it is newer than its sources.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The inputs of a build. A folder stands for everything in it. */
const SOURCES = [
  'src',
  'proto',
  'scripts/proto.mjs',
  'scripts/subpaths.mjs',
  'scripts/third-party-notices.mjs',
  'rollup.config.mjs',
  'package-lock.json',
];

/** The outputs are the first and the last files of a build: an interrupted one lacks some of them. */
const BUILDS = {
  package: {
    command: ['npm', 'run', 'build'],
    sources: [...SOURCES, 'devserver/src', 'testkit'],
    outputs: ['dist/browser/index.js', 'dist/flooim.legacy.d.ts', 'wechat/package.json', 'devserver/dist/index.js'],
  },
  demo: {
    command: ['npx', '--no-install', 'rollup', '-c', '--configDemo', '--silent'],
    sources: SOURCES,
    outputs: ['dist/browser/index.js', 'dist/node.js', 'dist/error-texts.js', 'dist/rtc.js'],
  },
};

const { command, sources, outputs } = BUILDS[process.argv[2]];
if (newest(sources) > oldest(outputs)) {
  const [program, ...options] = command;
  // npm's own files are commands that Windows starts through a shell.
  const { status } = spawnSync(program, options, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  process.exit(status ?? 1);
}

/** Time of the last change to these paths or to anything in them. A folder changes when a file is added or removed. */
function newest(paths) {
  return Math.max(
    ...paths.map((path) => {
      const stat = statSync(join(root, path));
      return Math.max(
        stat.mtimeMs,
        stat.isDirectory() ? newest(readdirSync(join(root, path)).map((name) => join(path, name))) : 0,
      );
    }),
  );
}

/** Time of the oldest of these files; 0 when one is missing. */
function oldest(paths) {
  return Math.min(...paths.map((path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

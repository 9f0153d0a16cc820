// A client in a process of its own, which can be stopped as a laptop is when it is closed.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Sleeper } from './place.ts';
import type { Call } from './process.ts';

export interface NodeSleeper extends Sleeper {
  stop(): void;
  continue(): void;
}

type Given = Call extends infer Each ? (Each extends unknown ? Omit<Each, 'nr'> : never) : never;

export function startNodeSleeper(): NodeSleeper {
  const child = fork(fileURLToPath(new URL('./process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, TSX_TSCONFIG_PATH: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let calls = 0;
  const call = async (given: Given): Promise<void> => {
    const nr = ++calls;
    return new Promise((resolve) => {
      const handle = (answered: unknown): void => {
        if (answered !== nr) return;
        child.off('message', handle);
        resolve();
      };
      child.on('message', handle);
      child.send({ nr, ...given });
    });
  };
  return {
    logIn: async (login) => call({ login }),
    synced: async (content) => call({ content }),
    stop: () => void child.kill('SIGSTOP'),
    continue: () => void child.kill('SIGCONT'),
    close: async () => {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

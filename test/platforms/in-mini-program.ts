// Places in the engine of a mini-program, on a phone of its own; an app is killed where a page would be closed.
import { BUILDS } from '../support/mini-program-client.ts';
import { putTempFile } from '../support/mini-program-files.ts';
import { createMiniProgramEngine } from '../support/mini-program-vm.ts';
import { createPhone } from '../support/mini-program.ts';
import type { createAgent, Said } from './agent.ts';
import type { Place } from './run.ts';
import { asScript } from './site.ts';

export const wechat = (): Place => openPlace('wechat');
export const uniapp = (): Place => openPlace('uniapp');

function openPlace(build: keyof typeof BUILDS): Place {
  const { kind, file } = BUILDS[build];
  const phone = createPhone(kind);
  const violations: string[] = [];
  return {
    start: async () => {
      const run = phone.launch();
      const engine = createMiniProgramEngine(run.timers, { [kind]: run.api });
      const sdk = engine.load(file) as Parameters<typeof createAgent>[0];
      const agent = engine.run(`(function () {${asScript('agent.ts')} return createAgent;})()`) as typeof createAgent;
      const makeFile = (text: string): string => putTempFile(phone.disk, 'file.txt', Buffer.from(text));
      let onSaid: (said: Said) => void = () => undefined;
      const handle = agent(sdk, makeFile, (said) => onSaid(said));
      return {
        send: handle,
        listen: (listener) => (onSaid = listener),
        end: async () => {
          violations.push(...engine.logged);
          run.end();
        },
      };
    },
    violations,
    close: async () => phone.remove(),
  };
}

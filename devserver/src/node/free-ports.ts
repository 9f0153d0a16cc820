import type { DevServerOptions } from '../options.ts';
import { createDevServer } from '../server.ts';
import type { DevServer } from '../server.ts';

/** Where the server listens, when nobody names a port. */
const USUAL = { port: 4000, adminPort: 4001 } as const;
type PortName = keyof typeof USUAL;

/** A server, and the ports that it did not get. */
export interface Started {
  readonly server: DevServer;
  readonly taken: readonly number[];
}

/**
 * Starts a server at the usual ports, or at any free one in the place of a port that is taken. A port that `options` names is
 * used or refused.
 *
 * @throws Error when a named port is taken, or when another server uses `dataDir`
 */
export async function startAtUsualPorts(options: DevServerOptions): Promise<Started> {
  const taken: number[] = [];
  const usual: Record<PortName, number> = { ...USUAL };
  for (;;) {
    try {
      return { server: await createDevServer({ ...usual, ...options }), taken };
    } catch (error) {
      const name = takenPort(error, options);
      if (!name) throw error;
      taken.push(usual[name]);
      usual[name] = 0;
    }
  }
}

/** The usual port that is taken, if that is why the start failed. */
function takenPort(error: unknown, options: DevServerOptions): PortName | undefined {
  const { code, port } = error as { code?: string; port?: number };
  const names: readonly PortName[] = ['port', 'adminPort'];
  return code === 'EADDRINUSE' ? names.find((name) => options[name] === undefined && USUAL[name] === port) : undefined;
}

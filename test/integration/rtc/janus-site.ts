import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { startJanus } from '../../../devserver/src/node/janus.ts';
import { endSession, hasRoom } from './ask-janus.ts';
import { servePage } from './page-site.ts';

/** Janus, a dev server before it, and a page that is served. */
export interface JanusSite {
  readonly server: DevServer;
  /** URL of the page. */
  readonly url: string;
  /** Whether Janus has a room. */
  hasRoom(room: string): Promise<boolean>;
  /** Ends the sessions of all pages at Janus, which is silent about it. */
  endSessions(): Promise<void>;
}

type Cleanup = () => Promise<unknown>;

/** Opens what a function makes. What it has made is ended by `close`, or when it fails, the newest first. */
export async function openWorld<World>(
  start: (cleanups: Cleanup[]) => Promise<World>,
): Promise<World & { close(): Promise<void> }> {
  const cleanups: Cleanup[] = [];
  const close = async (): Promise<void> => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  };
  try {
    return { ...(await start(cleanups)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param script - a file of this folder, which the page runs */
export async function startSite(cleanups: Cleanup[], script: string): Promise<JanusSite> {
  const janus = await startJanus();
  cleanups.push(janus.stop);
  const server = await createDevServer({ janus: janus.url });
  cleanups.push(() => server.close());
  const { url, close } = await servePage(script);
  cleanups.push(close);
  return {
    ...{ server, url, hasRoom: async (room) => hasRoom(janus.url, room) },
    endSessions: async () => {
      const texts = server.admin.relayedSignals().signals.map(({ text }) => text);
      const sessions = new Set(texts.flatMap((text) => /"session_id":(\d+)/.exec(text)?.[1] ?? []));
      for (const session of sessions) await endSession(janus.url, session);
    },
  };
}

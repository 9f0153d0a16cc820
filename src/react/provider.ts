import { createContext, createElement, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { FlooClient } from '../index.ts';
import { createHub } from '../live/hub.ts';
import type { Hub } from '../live/hub.ts';
import type { Live } from '../live/live.ts';
import { liveClient } from '../live/session.ts';

/** Properties of {@link FlooimProvider}: one of `client` and `create`. */
export interface FlooimProviderProps {
  /** A client that the app has made. The app disposes of it. */
  readonly client?: FlooClient | undefined;
  /**
   * Makes the client when the provider is mounted: never on a server. It is disposed of when the provider is unmounted. Only
   * the function of the first rendering counts.
   */
  readonly create?: (() => FlooClient) | undefined;
  /** The app. */
  readonly children?: ReactNode;
}

const HubContext = createContext<Hub | undefined>(undefined);

/**
 * Gives the hooks below it a client.
 *
 * @param props - the client, or how to make it
 * @example
 * import { createElement } from 'react';
 * import { createClient } from 'flooim';
 * import { FlooimProvider, useConversations } from 'flooim/react';
 *
 * function Inbox() {
 *   return createElement('p', null, useConversations().length);
 * }
 * export function App() {
 *   return createElement(FlooimProvider, { create: () => createClient({ appid: 'your-app-id' }) }, createElement(Inbox));
 * }
 */
export function FlooimProvider({ client, create, children }: FlooimProviderProps): ReactElement {
  const [first] = useState(() => create);
  const source = client ?? first;
  if (!source) throw new Error('FlooimProvider needs a client, or create');
  const hub = useMemo(() => createHub(source), [source]);
  useEffect(() => hub.open(), [hub]);
  return createElement(HubContext.Provider, { value: hub }, children);
}

/** @throws Error outside of a provider */
export function useHub(): Hub {
  const hub = useContext(HubContext);
  if (!hub) throw new Error('a hook of flooim/react needs a FlooimProvider above it');
  return hub;
}

/** Renders again when the value changes. */
export const useLive = <T>({ subscribe, get, getEmpty }: Live<T>): T => useSyncExternalStore(subscribe, get, getEmpty);

/** Follows a value that all components share. */
export const useShared = <T>(make: (hub: Hub) => Live<T>): T => useLive(useHub().of(make));

/**
 * Returns the client of the provider. Undefined on a server, and until `create` was called, after the first rendering.
 *
 * @example
 * import { useClient } from 'flooim/react';
 *
 * export const useToken = () => useClient()?.userManage.getToken();
 */
export const useClient = (): FlooClient | undefined => useShared(liveClient);

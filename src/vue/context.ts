import { computed, inject, onMounted, onUnmounted, provide, shallowRef, watch } from 'vue';
import type { App, ComputedRef, InjectionKey, ShallowRef } from 'vue';
import type { FlooClient } from '../index.ts';
import { createHub } from '../live/hub.ts';
import type { Hub } from '../live/hub.ts';
import type { Live } from '../live/live.ts';
import { liveClient } from '../live/session.ts';

/** Where the composables get their client: one of `client` and `create`. */
export interface FlooimOptions {
  /** A client that the app has made. The app disposes of it. */
  readonly client?: FlooClient | undefined;
  /**
   * Makes the client when the first component that uses a composable is mounted: never on a server. It is disposed of at the
   * end of the app, or of the component that called {@link provideFlooim}.
   */
  readonly create?: (() => FlooClient) | undefined;
}

interface Context {
  readonly hub: Hub;
  /** Makes the client and follows it, if that has not happened. */
  start(): void;
  stop(): void;
}

const CONTEXT: InjectionKey<Context> = Symbol('flooim');

function createContext({ client, create }: FlooimOptions): Context {
  const source = client ?? create;
  if (!source) throw new Error('flooim/vue needs a client, or create');
  const hub = createHub(source);
  let close: (() => void) | undefined;
  return {
    hub,
    start: () => {
      close ??= hub.open();
    },
    stop: () => {
      if (close) close();
      close = undefined;
    },
  };
}

/**
 * Makes a plugin that gives all components of an app a client.
 *
 * @param options - the client, or how to make it
 * @example
 * import { createApp } from 'vue';
 * import { createClient } from 'flooim';
 * import { createFlooim } from 'flooim/vue';
 *
 * const app = createApp({});
 * app.use(createFlooim({ create: () => createClient({ appid: 'your-app-id' }) }));
 * app.mount('#app');
 */
export function createFlooim(options: FlooimOptions): {
  /**
   * Is called by `app.use`.
   *
   * @param app - the app
   */
  install(app: App): void;
} {
  return {
    install: (app) => {
      const context = createContext(options);
      app.provide(CONTEXT, context);
      const unmount = app.unmount.bind(app);
      // `app.onUnmount` is newer than Vue 3.3.
      app.unmount = () => {
        unmount();
        context.stop();
      };
    },
  };
}

/**
 * Gives the components below this one a client. Call it in `setup`.
 *
 * @param options - the client, or how to make it
 * @example
 * import { defineComponent } from 'vue';
 * import { createClient } from 'flooim';
 * import { provideFlooim } from 'flooim/vue';
 *
 * export const Chats = defineComponent({
 *   setup: () => provideFlooim({ create: () => createClient({ appid: 'your-app-id' }) }),
 * });
 */
export function provideFlooim(options: FlooimOptions): void {
  const context = createContext(options);
  provide(CONTEXT, context);
  onMounted(() => context.start());
  onUnmounted(() => context.stop());
}

/**
 * The hub of the client, which is made when this component is mounted, at the latest.
 *
 * @throws Error where nobody has provided one
 */
export function useHub(): Hub {
  const context = inject(CONTEXT, undefined);
  if (!context) throw new Error('flooim/vue: neither createFlooim nor provideFlooim was called');
  onMounted(() => context.start());
  return context.hub;
}

/**
 * Returns the client of the app. Undefined on a server, and before this component is mounted when it is made by `create`.
 *
 * @example
 * import { useClient } from 'flooim/vue';
 *
 * const client = useClient();
 * export const getToken = () => client.value?.userManage.getToken();
 */
export function useClient(): ComputedRef<FlooClient | undefined> {
  return useShared(liveClient);
}

/**
 * The value of a live source as a ref. It is followed while the component is mounted: never on a server.
 *
 * @param source - the source; another one when what it depends on changes
 */
export function useLive<T>(source: () => Live<T>): ComputedRef<T> {
  const value: ShallowRef<T> = shallowRef(source().get());
  const follow = (live: Live<T>, _before: unknown, onCleanup: (end: () => void) => void): void => {
    const show = (): void => {
      value.value = live.get();
    };
    onCleanup(live.subscribe(show));
    show();
  };
  onMounted(() => watch(source, follow, { immediate: true }));
  return computed(() => value.value);
}

/** Follows a value that all components share. */
export function useShared<T>(make: (hub: Hub) => Live<T>): ComputedRef<T> {
  const live = useHub().of(make);
  return useLive(() => live);
}

/** Each field of a state as a readonly ref. */
export type Refs<State> = { readonly [Name in keyof State]: ComputedRef<State[Name]> };

/** The fields of a state as refs. */
export function refsOf<State extends object>(state: ComputedRef<State>): Refs<State> {
  const refs: Partial<Record<keyof State, ComputedRef>> = {};
  for (const name of Object.keys(state.value) as (keyof State)[]) refs[name] = computed(() => state.value[name]);
  return refs as Refs<State>;
}

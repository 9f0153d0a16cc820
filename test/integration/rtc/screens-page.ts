/** What runs in the pages of the tests of `useCall`: the same call screen in React and in Vue, on real media. */
import { createElement, StrictMode } from 'react';
import type { ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import { createApp, defineComponent, h } from 'vue';
import { createClient } from '../../../src/entries/browser.ts';
import type { FlooClient } from '../../../src/entries/browser.ts';
import * as react from '../../../src/react/index.ts';
import { calls } from '../../../src/rtc/index.ts';
import * as vue from '../../../src/vue/index.ts';

export type Framework = 'react' | 'vue';

const PARTS = ['remote', 'local', 'screen'] as const;

/** What both screens say. */
const wordsOf = (...parts: unknown[]): string => parts.filter((part) => part !== undefined).join(' ');

function ReactScreen({ uid }: { uid: string }): ReactElement {
  const view = react.useCall();
  const { call, calls: center, state, reason, direction, local, remote } = view;
  const button = (name: string, onClick: () => unknown): ReactElement =>
    createElement('button', { key: name, onClick }, name);
  if (!call) return button('Call', () => void center?.start({ uid, video: true }));
  const hasElement = { remote: true, local: local.camera !== null, screen: remote.screen !== null };
  return createElement(
    'section',
    null,
    createElement('output', null, wordsOf(state, reason, remote.isCameraOff ? 'dark' : undefined)),
    PARTS.filter((part) => hasElement[part]).map((part) =>
      createElement('video', { key: part, className: part, ref: view[`${part}Ref`] }),
    ),
    state === 'ringing' && direction === 'incoming' ? button('Answer', () => void call.accept()) : null,
    state === 'ended' ? button('Close', view.dismiss) : button('Hang up', () => call.hangUp()),
    button('Camera', () => void call.setCamera(!local.camera)),
    button('Screen', () => void call.shareScreen()),
  );
}

const VueScreen = defineComponent({
  props: { uid: { type: String, required: true } },
  setup({ uid }) {
    const view = vue.useCall();
    const { call, calls: center, state, reason, direction, local, remote, dismiss } = view;
    const button = (name: string, onClick: () => unknown) => h('button', { key: name, onClick }, name);
    return () => {
      if (!call.value) return button('Call', () => void center.value?.start({ uid, video: true }));
      const hasElement = { remote: true, local: local.value.camera !== null, screen: remote.value.screen !== null };
      return h('section', [
        h('output', wordsOf(state.value, reason.value, remote.value.isCameraOff ? 'dark' : undefined)),
        PARTS.filter((part) => hasElement[part]).map((part) =>
          h('video', { key: part, class: part, ref: view[`${part}Ref`] }),
        ),
        state.value === 'ringing' && direction.value === 'incoming'
          ? button('Answer', () => void call.value?.accept())
          : null,
        state.value === 'ended' ? button('Close', dismiss) : button('Hang up', () => call.value?.hangUp()),
        button('Camera', () => void call.value?.setCamera(!local.value.camera)),
        button('Screen', () => void call.value?.shareScreen()),
      ]);
    };
  },
});

function show(framework: Framework, client: FlooClient, uid: string): void {
  const root = document.body.appendChild(document.createElement('main'));
  if (framework === 'vue') createApp(VueScreen, { uid }).use(vue.createFlooim({ client })).mount(root);
  else
    createRoot(root).render(
      createElement(
        StrictMode,
        null,
        createElement(react.FlooimProvider, { client }, createElement(ReactScreen, { uid })),
      ),
    );
}

const screens = {
  /** Logs in, and shows a screen that calls this user. */
  async open(
    framework: Framework,
    { dnsServer, name, password, uid }: Record<'dnsServer' | 'name' | 'password' | 'uid', string>,
  ): Promise<void> {
    const client = createClient({ dnsServer, autoLogin: false, logLevel: 'error', rtc: calls({ iceServers: [] }) });
    await client.login({ name, password });
    show(framework, client, uid);
  },
};

declare global {
  interface Window {
    screens: typeof screens;
  }
}
window.screens = screens;

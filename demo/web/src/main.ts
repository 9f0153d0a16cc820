import flooim from 'flooim';
import type { FlooClient } from 'flooim';
import { calls } from 'flooim/rtc';
import { ChatScreen } from './chat-screen.ts';
import {
  acceptServer,
  forgetEarlierServer,
  mustAskForServer,
  readConfig,
  rememberTabHasUser,
  untilReadable,
} from './startup.ts';
import { el } from './dom.ts';
import { explain } from './format.ts';
import { buildLoginView } from './login-view.ts';
import { clearAddress } from './target.ts';

const app = document.querySelector<HTMLElement>('#app')!;
const config = readConfig();
const { dnsServer, autoLogin } = config;

if (dnsServer && mustAskForServer(dnsServer)) askForServer(dnsServer);
else if (dnsServer) {
  await forgetEarlierServer(config.serverRun);
  // The media server of the dev server is on this machine, and is found without a STUN server.
  const rtc = calls({ iceServers: [] });
  await start(flooim({ dnsServer, autoLogin, reloadOnLogout: false, filmDetails: true, rtc }));
} else {
  // Without a server the SDK would use the vendor's.
  app.append(el('main', { class: 'login' }, 'No server is configured. Run npm start, or add ?dns=URL to the address.'));
}

/** Nothing is sent before the answer. */
function askForServer(server: string): void {
  const own = new URL(location.href);
  own.searchParams.delete('dns');
  const accept = (): void => {
    acceptServer(server);
    location.reload();
  };
  app.append(
    el(
      'main',
      { class: 'login' },
      el('h1', {}, 'Another server'),
      el(
        'p',
        {},
        'The address of this page names a server that you did not log in to. It gets what you type and send:',
      ),
      el('p', {}, el('strong', {}, server)),
      el(
        'div',
        { class: 'actions' },
        el('button', { type: 'button', onclick: accept }, 'Use this server'),
        el('a', { class: 'button primary', href: own.href }, 'Stay with mine'),
      ),
    ),
  );
}

async function start(im: FlooClient): Promise<void> {
  let screen: ChatScreen | undefined;
  let lastProblem: string | undefined;

  const showChat = (): ChatScreen => {
    rememberTabHasUser(true);
    screen?.close();
    screen = new ChatScreen(im);
    app.replaceChildren(screen.element);
    screen.start();
    return screen;
  };
  const showLogin = (reason?: string): void => {
    screen?.close();
    screen = undefined;
    app.replaceChildren(buildLoginView({ im, reason, onLogin: () => showChat().setOnline() }));
  };

  im.on({
    logout: () => {
      rememberTabHasUser(false);
      clearAddress();
      showLogin();
    },
    flooError: ({ error }) => {
      lastProblem = explain(error);
    },
    flooNotice: (notice) => {
      // For both actions, because this page stores no password and has to ask the user.
      if (notice.category === 'action') showLogin(lastProblem);
    },
  });

  if (autoLogin && (await untilReadable(im))) showChat();
  else showLogin(lastProblem);
}

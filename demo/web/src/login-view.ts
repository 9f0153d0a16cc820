import type { FlooClient } from 'flooim';
import { el } from './dom.ts';
import { explain } from './format.ts';

/** The users of the dev server's demo data. */
const DEMO_USERS = ['alice', 'bob', 'carol'];
const DEMO_PASSWORD = 'demo1234';

export interface LoginDeps {
  im: FlooClient;
  /** Why the user has to log in again. */
  reason: string | undefined;
  onLogin(): void;
}

export function buildLoginView({ im, reason, onLogin }: LoginDeps): HTMLElement {
  let registering = false;
  const name = el('input', { name: 'username', required: true, autocomplete: 'username', autocapitalize: 'none' });
  const password = el('input', {
    name: 'password',
    type: 'password',
    required: true,
    autocomplete: 'current-password',
  });
  const problem = el('p', { class: 'problem', role: 'alert', hidden: !reason }, reason ?? '');
  const submit = el('button', { type: 'submit', class: 'primary' }, 'Log in');
  const heading = el('h2', {}, 'Log in');
  const toggle = el(
    'button',
    { type: 'button', class: 'link', onclick: () => setRegistering(!registering) },
    'Register a new user',
  );
  const users = DEMO_USERS.map((user) =>
    el('button', { type: 'button', onclick: () => void enter(user, DEMO_PASSWORD) }, user),
  );
  const view = el(
    'main',
    { class: 'login' },
    el('h1', {}, 'flooim demo'),
    el('p', { class: 'hint' }, 'Log in as one demo user here and as another in a second window.'),
    el('div', { class: 'users', role: 'group', 'aria-label': 'Demo users' }, ...users),
    el(
      'form',
      {
        onsubmit: (event: Event) => {
          event.preventDefault();
          void enter(name.value.trim(), password.value);
        },
      },
      heading,
      el('label', {}, 'Name', name),
      el('label', {}, 'Password', password),
      problem,
      el('div', { class: 'actions' }, toggle, submit),
    ),
  );
  return view;

  function setRegistering(on: boolean): void {
    registering = on;
    heading.textContent = on ? 'Register' : 'Log in';
    submit.textContent = on ? 'Register and log in' : 'Log in';
    toggle.textContent = on ? 'Log in with an account' : 'Register a new user';
    password.autocomplete = on ? 'new-password' : 'current-password';
    problem.hidden = true;
  }

  async function enter(username: string, secret: string): Promise<void> {
    problem.hidden = true;
    setBusy(true);
    try {
      const isNew = registering && !DEMO_USERS.includes(username);
      if (isNew) await im.userManage.asyncRegister({ username, password: secret });
      await im.login({ name: username, password: secret });
      onLogin();
    } catch (error) {
      problem.textContent = explain(error);
      problem.hidden = false;
      setBusy(false);
    }
  }

  function setBusy(busy: boolean): void {
    view.setAttribute('aria-busy', String(busy));
    for (const button of view.querySelectorAll('button')) button.disabled = busy;
  }
}

import type { ClientEvents } from '../index.ts';
import type { ConversationRef } from './conversations.ts';
import type { Hub } from './hub.ts';
import { createLive } from './live.ts';
import type { Live } from './live.ts';

/** The signal is repeated while the typing goes on, so that silence means its end. */
const REPEAT_MS = 4000;
/** Without a key for so long the user has stopped. */
const PAUSE_MS = 3000;
/** The signal of the end may be lost. */
const FORGET_MS = 8000;

const TYPING = /"input_status"\s*:\s*"typing"/;

/** Whether the user of a chat is typing. In groups nobody signals it. */
export function liveTyping(hub: Hub, ref: ConversationRef | undefined): Live<boolean> {
  let isTyping = false;
  let forget: ReturnType<typeof setTimeout> | undefined;
  const set = (is: boolean): void => {
    clearTimeout(forget);
    isTyping = is;
    if (is) forget = setTimeout(() => set(false), FORGET_MS);
    live.update();
  };
  const live = createLive(hub, {
    topics: ['messages'],
    empty: false,
    read: ref && ref.type !== 'group' ? () => isTyping : undefined,
    onEvent: (event, payload) => {
      if (event === 'close' || event === 'logout') set(false);
      if (event !== 'onInputStatusMessage' && event !== 'onRosterMessage') return;
      const { from, ext } = payload as ClientEvents['onInputStatusMessage'];
      // Who has sent a message has stopped.
      if (from === String(ref!.id)) set(event === 'onInputStatusMessage' && TYPING.test(ext));
    },
  });
  return live;
}

/** Signals to the other side of a chat that the user types. In groups it does nothing. */
export interface TypingSignal {
  /** The user has pressed a key. */
  typed(): void;
  /** The user has stopped, has sent the message, or has left the chat. */
  stopped(): void;
}

export function createTypingSignal(hub: Hub, ref: ConversationRef | undefined): TypingSignal {
  let isSignalled = false;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let repeat: ReturnType<typeof setTimeout> | undefined;
  const signal = (status: 'typing' | 'nothing'): void => {
    isSignalled = status === 'typing';
    if (hub.client?.isLogin()) hub.client.sysManage.sendInputStatusMessage(ref!.id, status);
  };
  const stopped = (): void => {
    clearTimeout(pause);
    clearTimeout(repeat);
    repeat = undefined;
    if (isSignalled) signal('nothing');
  };
  return {
    stopped,
    typed: () => {
      if (ref?.type !== 'roster') return;
      clearTimeout(pause);
      pause = setTimeout(stopped, PAUSE_MS);
      if (repeat) return;
      repeat = setTimeout(() => (repeat = undefined), REPEAT_MS);
      signal('typing');
    },
  };
}

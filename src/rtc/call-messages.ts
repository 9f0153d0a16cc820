import type { CallMessage } from '../call-port.ts';
import type { Id } from '../model/ids.ts';
import type { ArrivedMessage, Message } from '../model/message.ts';

/** Why a call is hung up: the words of deployed clients. A number is the duration in ms of a call that was answered. */
export type HangUpContent = 'timeout' | 'canceled' | 'rejected' | 'busy' | number;

/** What a message of a call says. */
export type CallSignal =
  | {
      readonly action: 'call';
      readonly callId: string;
      readonly room: Id;
      readonly initiator: Id;
      readonly video: boolean;
      readonly pin: string;
      /** The caller shows a second picture, such as a screen. */
      readonly canShowScreen: boolean;
      /** A deployed app calls: it says busy when it is called meanwhile, and any hangup ends its call. */
      readonly isDeployed: boolean;
    }
  | { readonly action: 'pickup'; readonly callId: string; readonly canShowScreen: boolean }
  | {
      readonly action: 'hangup' | 'record';
      readonly callId: string;
      /** Undefined when its sender did not say. */
      readonly initiator: Id | undefined;
      readonly content: HangUpContent;
      /** Its sender noticed that the other side is gone. */
      readonly peerDrop: boolean;
    }
  | { readonly action: 'camera'; readonly callId: string; readonly isOn: boolean };

/** The names that push services of deployed apps translate. */
const PUSH_KEYS = {
  timeout: 'callee_not_responding',
  canceled: 'call_canceled_by_caller',
  rejected: 'call_rejected_by_callee',
  busy: 'callee_busy',
} as const;
const PUSH_KEY_CALL = 'call_in';
const PUSH_KEY_DURATION = 'call_duration';

const SCREEN = 'screen';
/** Fields that deployed clients do not read. An app of the deployed kind cannot do what they promise. */
const oursOf = (isByApp: boolean): object => (isByApp ? {} : { v: 1, caps: [SCREEN] });

/** The message that rings. `roomId` is a number, because deployed clients need one. */
export function callMessage(call: {
  callId: string;
  room: Id;
  initiator: Id;
  video: boolean;
  pin: string;
  isByApp: boolean;
}): CallMessage {
  return {
    content: '',
    config: {
      action: 'call',
      callId: call.callId,
      roomId: Number(call.room),
      initiator: Number(call.initiator),
      type: call.video ? 1 : 0,
      roomType: 0,
      pin: call.pin,
      pushMessageLocKey: PUSH_KEY_CALL,
      ios: { mutable_content: true },
      ...oursOf(call.isByApp),
    },
    ext: { rtc: 'call' },
  };
}

/** The message that accepts. */
export const pickupMessage = (callId: string, isByApp: boolean): CallMessage => ({
  content: '',
  config: { action: 'pickup', callId, ...oursOf(isByApp) },
});

/** The message that ends a call, or the record of it: they have the same fields. */
export function endMessage(
  action: 'hangup' | 'record',
  end: { callId: string; initiator: Id; content: HangUpContent; peerDrop: boolean },
): CallMessage {
  const { callId, initiator, content, peerDrop } = end;
  return {
    content: String(content),
    config: {
      action,
      callId,
      initiator: Number(initiator),
      peerDrop,
      pushMessageLocKey: typeof content === 'number' ? PUSH_KEY_DURATION : PUSH_KEYS[content],
      pushMessageLocArgs: typeof content === 'number' ? minutesAndSeconds(content) : [],
    },
  };
}

/** The message that says whether the camera is on. */
export const cameraMessage = (callId: string, isOn: boolean): CallMessage => ({
  content: '',
  ext: { callId, mute_video: !isOn },
});

const minutesAndSeconds = (ms: number): [number, number] => {
  const seconds = Math.floor(ms / 1000);
  return [Math.floor(seconds / 60), seconds % 60];
};

type SignalMessage = Pick<ArrivedMessage | Message, 'content' | 'config' | 'ext'>;

/** What a received message of a call says. Undefined when it is none that this version knows, or lacks what it needs. */
export function parseCallMessage(
  { content, config = {}, ext }: SignalMessage,
  parseId: (input: unknown) => Id | undefined,
): CallSignal | undefined {
  const action: unknown = config['action'];
  const callId = textOf(config['callId']);
  if (action === undefined) return parseCameraMessage(ext);
  if (callId === undefined) return undefined;
  switch (action) {
    case 'call': {
      const [room, initiator] = [parseId(config['roomId']), parseId(config['initiator'])];
      if (room === undefined || initiator === undefined) return undefined;
      const pin = textOf(config['pin']) ?? '';
      const [video, canShowScreen] = [Number(config['type']) === 1, hasScreen(config['caps'])];
      const isDeployed = config['v'] === undefined;
      return { action: 'call', callId, room, initiator, video, pin, canShowScreen, isDeployed };
    }
    case 'pickup':
      return { action: 'pickup', callId, canShowScreen: hasScreen(config['caps']) };
    case 'hangup':
    case 'record':
      return {
        action: action === 'record' ? 'record' : 'hangup',
        callId,
        initiator: parseId(config['initiator']),
        content: hangUpContentOf(content),
        peerDrop: config['peerDrop'] === true,
      };
    default:
      return undefined;
  }
}

function parseCameraMessage(ext: string): CallSignal | undefined {
  try {
    const { callId, mute_video: isMuted } = JSON.parse(ext || '{}') as { callId?: unknown; mute_video?: unknown };
    const id = textOf(callId);
    return id !== undefined && typeof isMuted === 'boolean'
      ? { action: 'camera', callId: id, isOn: !isMuted }
      : undefined;
  } catch {
    // The app's own text.
    return undefined;
  }
}

/** Deployed iOS clients write anything for a call that was not answered: it counts as canceled. */
function hangUpContentOf(content: string): HangUpContent {
  if (/^\d+$/.test(content)) return Number(content);
  return content in PUSH_KEYS ? (content as keyof typeof PUSH_KEYS) : 'canceled';
}

const textOf = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;

const hasScreen = (caps: unknown): boolean => Array.isArray(caps) && caps.includes(SCREEN);

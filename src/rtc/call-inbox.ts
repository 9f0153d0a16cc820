import type { CallPort } from '../call-port.ts';
import type { Id } from '../model/ids.ts';
import type { ArrivedMessage } from '../model/message.ts';
import { parseCallMessage } from './call-messages.ts';
import type { CallSignal } from './call-messages.ts';
import type { CallRecords } from './call-records.ts';
import type { LiveCall } from './live-call.ts';
import type { Doorbell } from './ring-rules.ts';

interface InboxDeps {
  readonly port: CallPort;
  readonly records: CallRecords;
  readonly bell: Doorbell;
  /** The call that goes on, or is being made. */
  live(): LiveCall | undefined;
}

/** Takes the messages of calls. Only those of its id and its peer touch a call. */
export class CallInbox {
  private readonly deps: InboxDeps;
  /** Calls of apps of the deployed kind, whose hangups the app sends. */
  private readonly byApp = new Set<string>();

  constructor(deps: InboxDeps) {
    this.deps = deps;
  }

  /** The hangups of this call are sent by the app. */
  expectHangUpByApp(callId: string): void {
    this.byApp.add(callId);
  }

  handle(message: ArrivedMessage): void {
    const { port, records, bell } = this.deps;
    const signal = parseCallMessage(message, port.parseId);
    if (!signal) return;
    const { isOwn } = message;
    const peer = isOwn ? message.to : message.from;
    if (signal.action === 'record') records.note(signal.callId);
    if (signal.action === 'call') return isOwn ? undefined : this.handleOffer(signal, message);
    if (message.isHistory) return;
    if (signal.action !== 'camera') bell.handleEnd(signal.callId, isOwn ? 'user' : 'peer');
    if (signal.action === 'hangup') this.recordForApp(signal, peer, isOwn);
    if (signal.action === 'hangup' && !isOwn) records.handleHangUp(signal);
    if (isOwn) this.handleOwn(signal, message, peer);
    else this.handlePeer(signal, peer);
  }

  private handleOffer(signal: Extract<CallSignal, { action: 'call' }>, message: ArrivedMessage): void {
    const { callId: id, room, pin, video, canShowScreen, isDeployed } = signal;
    const caller = { peer: message.from, canShowScreen, isDeployed };
    this.deps.bell.handleOffer({ id, ...caller, room, pin, video, startedAt: Number(message.timestamp) }, message);
  }

  private handlePeer(signal: CallSignal, peer: Id): void {
    const live = this.deps.live();
    if (live?.model.peer !== peer) return;
    // A deployed peer is busy when it calls, too: its call may have come with this.
    if (signal.action === 'hangup' && signal.content === 'busy') this.deps.bell.decideAbout(peer);
    if (live.model.parked?.id === signal.callId) {
      if (signal.action === 'hangup') live.dispatch({ type: 'parkedEnded' });
      return;
    }
    if (live.model.id !== signal.callId) return;
    if (signal.action === 'camera') live.setPeerCamera(signal.isOn);
    if (signal.action === 'pickup') {
      live.canShowScreen = signal.canShowScreen;
      live.dispatch({ type: 'peerPickup' });
    }
    if (signal.action === 'hangup')
      live.dispatch({ type: 'peerHangUp', content: signal.content, peerDrop: signal.peerDrop });
    // Who writes a record has ended the call, and no second one is written.
    if (signal.action === 'record') live.dispatch({ type: 'peerHangUp', content: signal.content, peerDrop: true });
  }

  /** A message of the user's own, from this tab, another one or another device. */
  private handleOwn(signal: CallSignal, { id: message, clientMid }: ArrivedMessage, peer: Id): void {
    const live = this.deps.live();
    if (live?.model.id !== signal.callId || live.model.peer !== peer || live.sender.hasSent(clientMid)) return;
    if (signal.action === 'pickup') live.dispatch({ type: 'ownPickup', message, isThisTab: false });
    if (signal.action === 'hangup') live.dispatch({ type: live.byApp ? 'abandon' : 'ownHangUp' });
  }

  /** The hangups of a call by the app are messages like all others. The app may have ended the call when it saw one. */
  private recordForApp(signal: Extract<CallSignal, { action: 'hangup' | 'record' }>, peer: Id, isOwn: boolean): void {
    const { callId, content, peerDrop } = signal;
    if (!this.byApp.delete(callId)) return;
    const { port, records } = this.deps;
    const self = port.self()!;
    const initiator = signal.initiator ?? self;
    // Who noticed that the other side is gone writes the record, and the caller every other one.
    if (peerDrop ? isOwn : initiator === self) records.write({ callId, peer, initiator, content, peerDrop });
  }
}

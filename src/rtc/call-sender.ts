import type { CallMessage, CallPort, SentCallMessage } from '../call-port.ts';
import type { Id } from '../model/ids.ts';
import type { CallEffect } from './call-machine.ts';
import type { CallRoom } from './call-media.ts';
import { callMessage, cameraMessage, endMessage, pickupMessage } from './call-messages.ts';
import type { HangUpContent } from './call-messages.ts';
import type { CallModel } from './call-model.ts';
import type { CallEnd, CallRecords } from './call-records.ts';

interface SenderDeps {
  readonly port: CallPort;
  readonly records: CallRecords;
  isOnline(): boolean;
}

/** Sends the messages of one call. */
export class CallSender {
  private readonly deps: SenderDeps;
  private readonly sent = new Set<string>();

  constructor(deps: SenderDeps) {
    this.deps = deps;
  }

  /** Whether a message was sent by this call, in this tab. */
  hasSent(clientMid: Id | undefined): boolean {
    return clientMid !== undefined && this.sent.has(clientMid);
  }

  ring({ id: callId, peer, video }: CallModel, { room, pin }: CallRoom, isByApp: boolean): SentCallMessage {
    return this.send(peer, callMessage({ callId, room, initiator: this.self, video, pin, isByApp }));
  }

  pickUp({ id, peer }: CallModel, isByApp: boolean): SentCallMessage {
    return this.send(peer, pickupMessage(id, isByApp));
  }

  sayCamera({ id, peer }: CallModel, isOn: boolean): void {
    this.send(peer, cameraMessage(id, isOn));
  }

  hangUp(call: CallModel, { content, peerDrop, isRecorded }: Extract<CallEffect, { type: 'hangUp' }>): void {
    const { records, isOnline } = this.deps;
    const end = this.endOf(call, content, peerDrop);
    // The other side notices by itself, and has written the record before this one can.
    if (peerDrop && !isOnline()) return records.owe(end);
    this.send(call.peer, endMessage('hangup', end));
    if (isRecorded) records.write(end);
    return undefined;
  }

  /** The other side has hung up. */
  record(call: CallModel, content: HangUpContent): void {
    this.deps.records.write(this.endOf(call, content, false));
  }

  private get self(): Id {
    return this.deps.port.self()!;
  }

  private send(to: Id, message: CallMessage): SentCallMessage {
    const sent = this.deps.port.sendMessage(to, message);
    this.sent.add(String(sent.mid));
    return sent;
  }

  private endOf({ id: callId, peer, direction }: CallModel, content: HangUpContent, peerDrop: boolean): CallEnd {
    return { callId, peer, initiator: direction === 'outgoing' ? this.self : peer, content, peerDrop };
  }
}

import type { WriteStep } from '../chronicle/chronicle.ts';
import { FlooError } from '../errors.ts';
import type { Clock } from '../platform/ports.ts';
import type { Transport } from '../transport/transport.ts';
import { Timers } from '../util/timers.ts';
import type { IProvision } from '../wire/message-types.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import type { Identity } from './identity.ts';
import { provisionFrame, refusalOf } from './provision.ts';
import type { SessionDevice } from './session-owner.ts';

interface ProvisioningDeps {
  clock: Clock;
  settings: Pick<ConnectionSettings, 'deviceInfo' | 'provisionTimeoutMs'>;
  write: WriteStep;
}

interface ProvisioningListener {
  /** @param ms - from the request to its answer */
  onAccepted(ms: number): void;
  onRefused(cause: FlooError): void;
  onUnanswered(cause: FlooError): void;
  /** The device has another guid, under which the server may accept it. */
  onRenewed(cause: FlooError): void;
  /** The other guid could not be stored. */
  onProblem(error: FlooError): void;
}

/** Names the user and the device to the server on a new socket, and handles its answer. */
export class Provisioning {
  private readonly deps: ProvisioningDeps;
  private readonly listener: ProvisioningListener;
  private readonly timers: Timers<'answer'>;
  private isRenewed = false;
  private request: { at: number; host: string; identity: Identity; device: SessionDevice } | undefined;

  constructor(deps: ProvisioningDeps, listener: ProvisioningListener) {
    this.deps = deps;
    this.listener = listener;
    this.timers = new Timers(deps.clock);
  }

  /** A session starts: the device may take another guid once. */
  reset(): void {
    this.isRenewed = false;
  }

  begin(transport: Transport, host: string, identity: Identity, device: SessionDevice): void {
    const { clock, settings, write } = this.deps;
    this.request = { at: clock.now(), host, identity, device };
    this.timers.set('answer', settings.provisionTimeoutMs, () =>
      this.listener.onUnanswered(new FlooError('SignInTimeout', 'the server did not answer the provision')),
    );
    write('opened', { host });
    transport.send(provisionFrame(identity, device.names, settings.deviceInfo));
  }

  /** The socket ends: no answer counts any more. */
  cancel(): void {
    this.timers.clearAll();
    this.request = undefined;
  }

  handle(answer: IProvision): void {
    const { request } = this;
    if (!request) return;
    this.timers.clearAll();
    const { at, host, identity, device } = request;
    const { clock, write } = this.deps;
    const refusal = refusalOf(answer, identity);
    if (!refusal) {
      if (answer.xid?.deviceSN) device.saveSerial(answer.xid.deviceSN);
      // A clock that was set back counts as one that stood still.
      const ms = Math.max(0, clock.now() - at);
      write('connected', { host, ms });
      return this.listener.onAccepted(ms);
    }
    const { cause, needsNewGuid } = refusal;
    write('refused', { host, reason: cause.reason });
    if (needsNewGuid && !this.isRenewed) this.renew(request, cause);
    else this.listener.onRefused(cause);
  }

  private renew(request: { device: SessionDevice }, cause: FlooError): void {
    this.isRenewed = true;
    const goOn = (): void => {
      if (this.request === request) this.listener.onRenewed(cause);
    };
    request.device.renew().then(goOn, (error: unknown) => {
      this.listener.onProblem(FlooError.from(error, 'DbOperationFailed'));
      goOn();
    });
  }
}

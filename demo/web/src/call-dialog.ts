import type { Call, Calls, MediaDevice } from 'flooim/rtc';
import { reasonText, stateText } from './call-texts.ts';
import { el } from './dom.ts';
import { explain } from './format.ts';
import type { Names } from './names.ts';

export interface CallDialogDeps {
  calls: Calls;
  names: Names;
  call: Call;
  /** Calls the same user once more. */
  onCallAgain(call: Call): void;
  onClose(): void;
}

const TICK_MS = 1000;

/** One call, from the first ring until the user closes it. */
export class CallDialog {
  readonly #deps: CallDialogDeps;
  readonly #status = el('p', { role: 'status' });
  readonly #problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  readonly #remote = el('video', { class: 'remote', autoplay: true, playsinline: true });
  readonly #local = el('video', { class: 'local', autoplay: true, playsinline: true, muted: true });
  readonly #screen = el('video', { class: 'shared', autoplay: true, playsinline: true, hidden: true });
  readonly #pictures = el('div', { class: 'pictures', hidden: true }, this.#remote, this.#local);
  readonly #actions = el('div', { class: 'actions' });
  readonly #devices = el('div', { class: 'devices', hidden: true });
  readonly #dialog: HTMLDialogElement;
  readonly #stops: (() => void)[];
  readonly #tick: ReturnType<typeof setInterval>;
  #drawn = '';
  #isSoundBlocked = false;
  #speaker: string | undefined;

  constructor(deps: CallDialogDeps) {
    this.#deps = deps;
    const { calls, names, call } = deps;
    const name = names.user(call.peer);
    this.#dialog = el(
      'dialog',
      { class: 'call-dialog', 'aria-label': `Call with ${name}`, onclose: () => this.#handleClose() },
      el('h2', {}, name),
      this.#status,
      this.#problem,
      this.#screen,
      this.#pictures,
      this.#devices,
      this.#actions,
    );
    this.#stops = [
      call.on('state', () => this.#draw()),
      call.attach(this.#remote, 'remote'),
      call.attach(this.#local, 'local'),
      call.attach(this.#screen, 'screen'),
      call.on('quality', () => this.#draw()),
      call.on('tracks', () => this.#draw()),
      call.on('peerCamera', () => this.#draw()),
      call.on('error', (error) => this.#showProblem(explain(error))),
      call.on('audioBlocked', () => {
        this.#isSoundBlocked = true;
        this.#draw();
      }),
      calls.on('devicesChanged', () => void this.#drawDevices()),
    ];
    this.#tick = setInterval(() => this.#drawStatus(), TICK_MS);
  }

  open(): void {
    document.body.append(this.#dialog);
    this.#dialog.show();
    this.#draw();
  }

  close(): void {
    this.#dialog.close();
  }

  #draw(): void {
    this.#drawStatus();
    const { call } = this.#deps;
    const { state, direction, local, remote, isInOtherTab } = call;
    this.#local.hidden = !local.camera;
    this.#screen.hidden = !remote.screen;
    this.#pictures.hidden = !local.camera && !remote.video;
    const { isMicrophoneOn, camera, screen } = local;
    const drawn = JSON.stringify([state, isInOtherTab, isMicrophoneOn, !!camera, !!screen, this.#isSoundBlocked]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const isLive = state === 'connected' || state === 'reconnecting';
    this.#devices.hidden = !isLive || isInOtherTab;
    if (!this.#devices.hidden) void this.#drawDevices();
    const hadFocus = this.#dialog.contains(document.activeElement);
    if (state === 'ended')
      this.#actions.replaceChildren(
        this.#button('Call again', () => this.#callAgain()),
        this.#button('Close', () => this.close()),
      );
    else if (state === 'ringing' && direction === 'incoming')
      this.#actions.replaceChildren(
        this.#button('Answer', () => call.accept(), 'primary'),
        this.#button('Decline', () => call.decline(), 'danger'),
      );
    else
      this.#actions.replaceChildren(
        ...(this.#isSoundBlocked ? [this.#button('Play the sound', () => this.#playSound(), 'primary')] : []),
        ...(isLive && !isInOtherTab ? this.#switches() : []),
        this.#button('Hang up', () => call.hangUp(), 'danger'),
        ...(isInOtherTab ? [this.#button('Close', () => this.close())] : []),
      );
    if (hadFocus) this.#actions.querySelector('button')?.focus();
  }

  #switches(): HTMLElement[] {
    const { call } = this.#deps;
    const { isMicrophoneOn, camera, screen } = call.local;
    const microphone = isMicrophoneOn ? 'Mute' : 'Unmute';
    return [
      this.#button(microphone, async () => call.setMicrophone(!isMicrophoneOn).then(() => this.#draw())),
      ...(call.video
        ? [
            this.#button(camera ? 'Camera off' : 'Camera on', () => call.setCamera(!camera)),
            this.#button(screen ? 'Stop sharing' : 'Share screen', () =>
              screen ? call.stopSharing() : call.shareScreen(),
            ),
          ]
        : []),
    ];
  }

  #button(label: string, act: () => unknown, kind?: 'primary' | 'danger'): HTMLButtonElement {
    return el('button', { type: 'button', class: kind, onclick: () => void this.#act(act) }, label);
  }

  async #act(act: () => unknown): Promise<void> {
    this.#showProblem('');
    try {
      await act();
    } catch (error) {
      this.#showProblem(explain(error));
    }
  }

  /** The click is the gesture that the browser waits for. */
  async #playSound(): Promise<void> {
    this.#isSoundBlocked = false;
    this.#draw();
    await this.#deps.call.resumeAudio();
  }

  #callAgain(): void {
    this.close();
    this.#deps.onCallAgain(this.#deps.call);
  }

  #drawStatus(): void {
    const { call } = this.#deps;
    this.#status.textContent = call.state === 'ended' ? reasonText(call) : stateText(call);
  }

  async #drawDevices(): Promise<void> {
    const { calls, call } = this.#deps;
    const all = await calls.devices();
    const choice = (
      label: string,
      kind: MediaDevice['kind'],
      now: string | undefined,
      choose: (id: string) => unknown,
    ): HTMLElement | false => {
      const devices = all.filter((device) => device.kind === kind);
      const select = el(
        'select',
        {},
        ...devices.map(({ deviceId, label: name }) =>
          el('option', { value: deviceId, selected: deviceId === now }, name),
        ),
      );
      select.addEventListener('change', () => void this.#act(() => choose(select.value)));
      return devices.length > 1 && el('label', {}, label, ' ', select);
    };
    this.#devices.replaceChildren(
      ...[
        choice('Microphone', 'microphone', deviceOf(call.local.microphone), (id) => call.setMicrophone(id)),
        call.video && choice('Camera', 'camera', deviceOf(call.local.camera), (id) => call.setCamera(id)),
        choice('Loudspeaker', 'speaker', this.#speaker, async (id) => {
          await call.setSpeaker(id);
          this.#speaker = id;
        }),
      ].filter((element) => element !== false),
    );
  }

  #showProblem(text: string): void {
    this.#problem.textContent = text;
    this.#problem.hidden = !text;
  }

  #handleClose(): void {
    // Nobody talks on unseen.
    if (!this.#deps.call.isInOtherTab) this.#deps.call.hangUp();
    clearInterval(this.#tick);
    for (const stop of this.#stops) stop();
    this.#dialog.remove();
    this.#deps.onClose();
  }
}

/** The device of a stream. */
const deviceOf = (stream: MediaStream | null): string | undefined => stream?.getTracks()[0]?.getSettings().deviceId;

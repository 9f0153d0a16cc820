import type { FlooClient, Message } from 'flooim';
import type { Call, Calls } from 'flooim/rtc';
import { CallDialog } from './call-dialog.ts';
import { recordText } from './call-texts.ts';
import { explain } from './format.ts';
import type { Names } from './names.ts';

interface CallDeskDeps {
  im: FlooClient;
  names: Names;
  onProblem(text: string): void;
}

/** Makes calls, and shows the one that rings or goes on. */
export class CallDesk {
  readonly #deps: CallDeskDeps;
  readonly #calls: Calls;
  readonly #unbind: () => void;
  #dialog: CallDialog | undefined;

  constructor(deps: CallDeskDeps) {
    this.#deps = deps;
    // `main.ts` gives the option `rtc`.
    this.#calls = deps.im.calls as Calls;
    this.#unbind = this.#calls.on('current', (call) => call && this.#show(call));
    if (this.#calls.current) this.#show(this.#calls.current);
  }

  async call(uid: string, video: boolean): Promise<void> {
    try {
      await this.#calls.start({ uid, video });
    } catch (error) {
      this.#deps.onProblem(`The call was not made. ${explain(error)}`);
    }
  }

  /** Whether a message is a line of the chat: most messages of a call are for its client. */
  isShown(message: Message): boolean {
    return message.type !== 'rtc' || this.#calls.readRecord(message) !== null;
  }

  /** What a message says about a call; undefined for every other message. */
  lineOf(message: Message): string | undefined {
    const record = this.#calls.readRecord(message);
    return record ? recordText(record) : undefined;
  }

  close(): void {
    this.#unbind();
    this.#dialog?.close();
  }

  #show(call: Call): void {
    this.#dialog?.close();
    const dialog = new CallDialog({
      calls: this.#calls,
      names: this.#deps.names,
      call,
      onCallAgain: ({ peer, video }) => void this.call(peer, video),
      onClose: () => {
        if (this.#dialog === dialog) this.#dialog = undefined;
      },
    });
    this.#dialog = dialog;
    dialog.open();
  }
}

import type { FlooClient, FlooError, FlooErrorCode, Message, SendingStatusEvent } from 'flooim';
import { errorText } from 'flooim/error-texts';
import type { Voice } from './media/voice-recording.ts';
import type { Target } from './target.ts';

/** A message on its way, or one that failed. */
export interface Pending {
  message: Message;
  /** Progress of its upload in percent. */
  percent: number | undefined;
  /** URL of a small picture of its file. */
  preview: string | undefined;
  /** Why it failed. */
  failure: string | undefined;
}

export const targetOf = (message: Message, self: string): Target => ({
  type: message.toType,
  id: message.toType === 'group' || message.from === self ? message.to : message.from,
});

/** Own messages that the server does not have yet, including those of an earlier run of the page. */
export class Outgoing {
  readonly #im: FlooClient;
  /** By client id. */
  readonly #failures = new Map<number, FlooError>();
  readonly #localUrls = new Map<string, string>();

  constructor(im: FlooClient) {
    this.#im = im;
  }

  send(target: Target, content: string): void {
    this.#send(target, { content });
  }

  sendFile(target: Target, file: File): void {
    this.#sendFile(target, file, {});
  }

  sendVoice(target: Target, { file, durationS }: Voice): void {
    this.#sendFile(target, file, { duration: durationS });
  }

  retry(mid: number): void {
    this.#im.sysManage.resendMessage(mid);
  }

  /** Cancels an upload, or removes a failed message. */
  async discard(mid: number): Promise<void> {
    await this.#im.sysManage.discardMessage(mid);
  }

  handleStatus({ status, mid, error }: SendingStatusEvent): void {
    if (status === 'failed' && error) this.#failures.set(mid, error);
    else this.#failures.delete(mid);
  }

  /** In the order they were written. */
  of({ type, id }: Target): Pending[] {
    return this.#im.sysManage.getSendingMessages(id, type).map((message) => ({
      message,
      percent: message.progress,
      preview: message.preview,
      failure: message.sendingStatus === 'failed' ? this.#reasonOf(message) : undefined,
    }));
  }

  /**
   * URL of the file of a message that this page sent.
   *
   * @param mid its client id
   */
  localUrl(mid: string): string | undefined {
    return this.#localUrls.get(mid);
  }

  close(): void {
    for (const url of this.#localUrls.values()) URL.revokeObjectURL(url);
  }

  #sendFile(target: Target, file: File, attachment: object): void {
    const mid = this.#send(target, { file, attachment });
    this.#localUrls.set(String(mid), URL.createObjectURL(file));
  }

  #send({ type, id }: Target, message: { content?: string; file?: File; attachment?: object }): number {
    return type === 'group'
      ? this.#im.sysManage.sendGroupMessage({ gid: id, ...message })
      : this.#im.sysManage.sendRosterMessage({ uid: id, ...message });
  }

  #reasonOf({ id, sendingError }: Message): string {
    const error = this.#failures.get(Number(id));
    const text = errorText(error?.reason ?? (sendingError as FlooErrorCode | undefined) ?? 'GeneralError', 'en');
    // The server's text says more than its code.
    const isAnswer = (error?.restCode ?? error?.statusCode) !== undefined;
    return isAnswer ? `${text.replace(/\.$/, '')}: ${error!.rawMessage}.` : text;
  }
}

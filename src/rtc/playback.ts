import type { CallPort } from '../call-port.ts';
import { deviceError } from './devices.ts';

/** Safari and older Firefox have no such thing. */
type Element = Omit<HTMLMediaElement, 'setSinkId'> & Partial<Pick<HTMLMediaElement, 'setSinkId'>>;

/** The elements that show a call, and the loudspeaker. */
export class Playback {
  private readonly port: Pick<CallPort, 'createError'>;
  private readonly onBlocked: () => void;
  /** Whether an element plays the other side's sound, by element. */
  private readonly elements = new Map<Element, boolean>();
  private speaker: string | undefined;

  constructor(port: Playback['port'], onBlocked: () => void) {
    this.port = port;
    this.onBlocked = onBlocked;
  }

  /** @returns a function that removes it again */
  attach(element: Element, stream: MediaStream, hasSound: boolean): () => void {
    element.srcObject = stream;
    if (!hasSound) element.muted = true; // what is silent plays without a gesture
    this.elements.set(element, hasSound);
    const { speaker } = this;
    // A device that is gone meanwhile: the system's own plays it.
    if (hasSound && speaker !== undefined) element.setSinkId?.(speaker).catch(() => undefined);
    void this.play(element);
    return () => {
      if (element.srcObject === stream) this.detach(element);
    };
  }

  /** Plays what the browser has blocked. */
  async resume(): Promise<void> {
    await Promise.all([...this.elements.keys()].map(async (element) => this.play(element)));
  }

  /** @throws FlooError `NotFound` where the browser cannot choose, or when there is no such device */
  async setSpeaker(deviceId: string): Promise<void> {
    if (!('setSinkId' in HTMLMediaElement.prototype))
      throw this.port.createError('NotFound', 'this browser does not choose a speaker');
    try {
      for (const [element, hasSound] of this.elements) if (hasSound) await element.setSinkId?.(deviceId);
    } catch (cause) {
      throw deviceError(this.port, 'speaker', cause);
    }
    this.speaker = deviceId;
  }

  close(): void {
    for (const element of [...this.elements.keys()]) this.detach(element);
  }

  private detach(element: Element): void {
    this.elements.delete(element);
    element.srcObject = null;
  }

  private async play(element: Element): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      // Any other failure ends with the stream, or by a change of it, and is no news.
      if ((error as Partial<DOMException>).name === 'NotAllowedError' && this.elements.has(element)) this.onBlocked();
    }
  }
}

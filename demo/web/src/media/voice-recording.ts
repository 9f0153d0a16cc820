/** The first type that the browser can record is used. Every browser plays MP4. */
const FORMATS = [
  ['audio/mp4;codecs=mp4a.40.2', 'm4a'],
  ['audio/webm;codecs=opus', 'webm'],
  ['audio/ogg;codecs=opus', 'ogg'],
] as const;

export interface Voice {
  file: File;
  /** A whole number, because other apps show it as it is. */
  durationS: number;
}

/** A page gets a microphone only over https or on localhost. */
export const canRecord = (): boolean => 'mediaDevices' in navigator && formatOf() !== undefined;

const formatOf = (): (typeof FORMATS)[number] | undefined =>
  typeof MediaRecorder === 'function' ? FORMATS.find(([type]) => MediaRecorder.isTypeSupported(type)) : undefined;

/** A recording in progress. */
export class VoiceRecording {
  readonly #startedAt = performance.now();
  readonly #recorder: MediaRecorder;
  readonly #parts: Blob[] = [];

  private constructor(stream: MediaStream) {
    this.#recorder = new MediaRecorder(stream, { mimeType: formatOf()![0] });
    this.#recorder.ondataavailable = ({ data }) => this.#parts.push(data);
    this.#recorder.start();
  }

  /**
   * Starts a recording. The browser asks the user the first time.
   *
   * @throws DOMException if the user refuses or there is no microphone
   */
  static async start(): Promise<VoiceRecording> {
    return new VoiceRecording(await navigator.mediaDevices.getUserMedia({ audio: true }));
  }

  get elapsedS(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  async stop(): Promise<Voice> {
    const durationS = Math.max(1, Math.round(this.elapsedS));
    const [type, extension] = formatOf()!;
    await new Promise((resolve) => {
      this.#recorder.onstop = resolve;
      this.#end();
    });
    const name = `voice ${new Date().toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.')}.${extension}`;
    return { file: new File(this.#parts, name, { type }), durationS };
  }

  cancel(): void {
    this.#end();
  }

  /** The browser shows that the microphone is on until its tracks end. */
  #end(): void {
    this.#recorder.stop();
    for (const track of this.#recorder.stream.getTracks()) track.stop();
  }
}

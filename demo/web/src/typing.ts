/** The signal is sent again while the typing continues, so that silence means its end. */
const REPEAT_MS = 4000;
const IDLE_MS = 3000;
const FORGET_MS = 8000;

/** Signals to the other side that the user types, and 3 seconds after the last key that the typing stopped. */
export class TypingSender {
  readonly #send: (status: 'typing' | 'nothing') => void;
  #toldAtMs = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (status: 'typing' | 'nothing') => void) {
    this.#send = send;
  }

  typed(): void {
    if (Date.now() - this.#toldAtMs > REPEAT_MS) {
      this.#toldAtMs = Date.now();
      this.#send('typing');
    }
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.stop(), IDLE_MS);
  }

  stop(): void {
    clearTimeout(this.#idle);
    if (this.#toldAtMs > 0) this.#send('nothing');
    this.#toldAtMs = 0;
  }
}

/** Who is typing. Every entry expires, because the signal of the end may be lost. */
export class TypingUsers {
  readonly #onChange: () => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  has(userId: string): boolean {
    return this.#timers.has(userId);
  }

  handleInputStatus(userId: string, ext: string): void {
    if (isTyping(ext)) {
      clearTimeout(this.#timers.get(userId));
      this.#timers.set(
        userId,
        setTimeout(() => this.stopped(userId), FORGET_MS),
      );
      this.#onChange();
    } else this.stopped(userId);
  }

  stopped(userId: string): void {
    clearTimeout(this.#timers.get(userId));
    if (this.#timers.delete(userId)) this.#onChange();
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}

function isTyping(ext: string): boolean {
  try {
    return (JSON.parse(ext) as { input_status?: unknown } | null)?.input_status === 'typing';
  } catch {
    // Other signals of other clients do not mean typing.
    return false;
  }
}

type Handler<P> = (payload: P) => void;

/**
 * How a handler already bound is recognised: by reference, or as deployed apps need it, by its source text (an app that
 * binds the same inline function at every mount and never unbinds it keeps one).
 */
export type HandlerIdentity = 'reference' | 'source-text';

export interface EmitterOptions {
  identity: HandlerIdentity;
  /** A handler threw; the others still run. */
  onHandlerError(error: unknown, event: string): void;
}

/** One call of `on`: a later one of the same handler is another. */
interface Binding {
  readonly handler: Handler<never>;
}

/** Typed events. A handler bound twice runs once, one that throws harms nobody else, and one removed while its event is emitted still runs. */
export class Emitter<Events extends object> {
  /** Never changed in place, so that handlers may bind and unbind while a list is walked. */
  readonly #bindings = new Map<keyof Events, readonly Binding[]>();
  readonly #options: EmitterOptions;

  constructor(options: EmitterOptions) {
    this.#options = options;
  }

  /** Binds, in the place of the same handler bound before. @returns an idempotent unsubscriber of this binding. */
  on<K extends keyof Events & string>(event: K, handler: Handler<Events[K]>): () => void {
    this.off(event, handler);
    const binding: Binding = { handler };
    this.#bindings.set(event, [...this.#of(event), binding]);
    return () => this.#remove(event, binding);
  }

  off<K extends keyof Events & string>(event: K, handler: Handler<Events[K]>): void {
    this.#remove(
      event,
      this.#of(event).find((bound) => this.#isSame(bound.handler, handler)),
    );
  }

  emit<K extends keyof Events & string>(event: K, payload: Events[K]): void {
    for (const { handler } of this.#of(event)) {
      try {
        (handler as Handler<Events[K]>)(payload);
      } catch (error) {
        this.#options.onHandlerError(error, event);
      }
    }
  }

  #of(event: keyof Events): readonly Binding[] {
    return this.#bindings.get(event) ?? [];
  }

  #remove(event: keyof Events, binding: Binding | undefined): void {
    this.#bindings.set(
      event,
      this.#of(event).filter((other) => other !== binding),
    );
  }

  #isSame(a: unknown, b: unknown): boolean {
    return a === b || (this.#options.identity === 'source-text' && String(a) === String(b));
  }
}

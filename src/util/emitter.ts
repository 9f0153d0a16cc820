import EventEmitter from 'eventemitter3';

type Handler<P> = (payload: P) => void;

export interface EmitterOptions {
  /**
   * A handler already bound is recognised by its source text, as deployed apps need it (one that binds the same inline function
   * at every mount and never unbinds it keeps one), and not by reference.
   */
  bySourceText: boolean;
  /** A handler threw; the others still run. */
  onHandlerError(error: unknown, event: string): void;
}

/** Typed events. A handler bound twice runs once, one that throws harms nobody else, and one removed while its event is emitted still runs. */
export class Emitter<Events extends object> {
  private readonly bus = new EventEmitter();
  private readonly options: EmitterOptions;

  constructor(options: EmitterOptions) {
    this.options = options;
  }

  /** Binds, in the place of the same handler bound before. @returns an idempotent unsubscriber of this binding. */
  on<K extends keyof Events & string>(event: K, handler: Handler<Events[K]>): () => void {
    this.off(event, handler);
    // The context tells this binding from a later one of the same handler.
    const binding = {};
    this.bus.on(event, handler, binding);
    return () => {
      this.bus.off(event, handler, binding);
    };
  }

  off<K extends keyof Events & string>(event: K, handler: Handler<Events[K]>): void {
    const same = this.handlers(event).find((other) => this.isSame(other, handler as Handler<unknown>));
    if (same) this.bus.off(event, same);
  }

  emit<K extends keyof Events & string>(event: K, payload: Events[K]): void {
    for (const handler of this.handlers(event)) {
      try {
        handler(payload);
      } catch (error) {
        this.options.onHandlerError(error, event);
      }
    }
  }

  /** A copy, so that handlers may bind and unbind while it is walked. */
  private handlers(event: string): Handler<unknown>[] {
    return this.bus.listeners(event) as Handler<unknown>[];
  }

  private isSame(a: Handler<unknown>, b: Handler<unknown>): boolean {
    return a === b || (this.options.bySourceText && String(a) === String(b));
  }
}

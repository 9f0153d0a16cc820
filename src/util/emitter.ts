import EventEmitter from 'eventemitter3';
import { callIsolated } from './call-isolated.ts';
import { copyData } from './copy-data.ts';

type Handler<Payload> = (payload: Payload) => unknown;

interface EmitterOptions {
  /**
   * Two handlers with the same source text count as the same handler. Deployed apps rely on it: one that binds the same inline
   * function at every mount and never unbinds it has it bound once. Otherwise handlers are compared by reference.
   */
  bySourceText: boolean;
  /** Called when a handler throws, or the promise that it returned rejects; the other handlers still run. */
  onHandlerError(error: unknown, event: string): void;
}

/**
 * Events with typed payloads.
 *
 * - A handler that is bound twice runs once.
 * - A handler that throws, or returns a promise that rejects, does not stop the others.
 * - All handlers of one emission get the same payload. It is a copy: they may write into it at any depth.
 * - An event reaches the handlers that were bound when it was emitted, even one that another handler removes meanwhile.
 */
export class Emitter<Events extends object> {
  private readonly bus = new EventEmitter();
  private readonly options: EmitterOptions;

  constructor(options: EmitterOptions) {
    this.options = options;
  }

  /**
   * Binds a handler; the same handler bound before is replaced.
   *
   * @returns an unsubscriber of this binding alone; calling it again does nothing
   */
  on<K extends keyof Events & string>(event: K, handler: Handler<Events[K]>): () => void {
    this.off(event, handler);
    // The bus compares contexts by reference: this one belongs to no later binding of the same handler.
    const binding = {};
    this.bus.on(event, handler, binding);
    return () => {
      this.bus.off(event, handler, binding);
    };
  }

  off<K extends keyof Events & string>(event: K, handler: Handler<Events[K]>): void {
    const bound = this.handlers(event).find((other) => this.isSame(other, handler));
    if (bound) this.bus.off(event, bound);
  }

  emit<K extends keyof Events & string>(event: K, payload: Events[K]): void {
    const handlers = this.handlers(event);
    if (handlers.length === 0) return;
    const handedOut = copyData(payload);
    const onError = (error: unknown): void => this.options.onHandlerError(error, event);
    for (const handler of handlers) callIsolated(handler, handedOut, onError);
  }

  /** The handlers bound now. `listeners` makes a copy, so handlers may bind and unbind while it is iterated. */
  private handlers<K extends keyof Events & string>(event: K): Handler<Events[K]>[] {
    return this.bus.listeners(event);
  }

  private isSame<Payload>(a: Handler<Payload>, b: Handler<Payload>): boolean {
    return a === b || (this.options.bySourceText && String(a) === String(b));
  }
}

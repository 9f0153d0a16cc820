import type { Logger } from '../platform/ports.ts';
import { callIsolated } from '../util/call-isolated.ts';

/** The handlers of an object's events. A handler that throws, or rejects, stops nobody else. */
export class Listeners<Events> {
  private readonly bound = new Map<keyof Events, ((payload: never) => unknown)[]>();
  private readonly kept = new Map<keyof Events, (() => void)[]>();
  private readonly logger: Logger;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  readonly on = <Name extends keyof Events>(event: Name, handler: (payload: Events[Name]) => unknown): (() => void) => {
    // Each binding is a function of its own: the same handler bound twice runs twice, and is removed once.
    const own = (payload: Events[Name]): unknown => handler(payload);
    this.bound.set(event, [...this.of(event), own]);
    for (const emit of this.kept.get(event)?.splice(0) ?? []) emit();
    return () => {
      this.bound.set(
        event,
        this.of(event).filter((other) => other !== own),
      );
    };
  };

  has(event: keyof Events): boolean {
    return this.of(event).length > 0;
  }

  emit<Name extends keyof Events>(event: Name, payload: Events[Name]): void {
    const onError = (error: unknown): void => this.logger.error('a handler of a call failed', error);
    for (const handler of this.of(event)) callIsolated(handler as (payload: Events[Name]) => unknown, payload, onError);
  }

  /** Emits to the handlers that there are; without any, to the first that comes. */
  emitOrKeep<Name extends keyof Events>(event: Name, payload: Events[Name]): void {
    if (this.has(event)) return this.emit(event, payload);
    this.kept.set(event, [...(this.kept.get(event) ?? []), () => this.emit(event, payload)]);
    return undefined;
  }

  private of(event: keyof Events): readonly ((payload: never) => unknown)[] {
    return this.bound.get(event) ?? [];
  }
}

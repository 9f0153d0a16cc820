import type { Logger } from '../platform/ports.ts';
import { callIsolated } from '../util/call-isolated.ts';

/** The handlers of an object's events. A handler that throws, or rejects, stops nobody else. */
export class Listeners<Events> {
  private readonly bound = new Map<keyof Events, ((payload: never) => unknown)[]>();
  private readonly logger: Logger;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  readonly on = <Name extends keyof Events>(event: Name, handler: (payload: Events[Name]) => unknown): (() => void) => {
    // Each binding is a function of its own: the same handler bound twice runs twice, and is removed once.
    const own = (payload: Events[Name]): unknown => handler(payload);
    this.bound.set(event, [...this.of(event), own]);
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

  private of(event: keyof Events): readonly ((payload: never) => unknown)[] {
    return this.bound.get(event) ?? [];
  }
}

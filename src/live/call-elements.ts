import type { Call } from '../rtc/index.ts';

/**
 * Shows a part of the call in an element, as `ref` of React takes it.
 *
 * @param element - the element; null when it goes
 */
export type CallElementRef = (element: HTMLMediaElement | null) => void;

/** References for the elements of a call screen. What belongs to the call plays in them while there is one. */
export interface CallElementRefs {
  /** For a `video` or `audio` element: picture and sound of the other side. A call is heard only when there is one. */
  readonly remoteRef: CallElementRef;
  /** For a `video` element: the user's own picture. */
  readonly localRef: CallElementRef;
  /** For a `video` element: the screen that the other side shares. */
  readonly screenRef: CallElementRef;
}

/** The elements of all screens that show the call. */
export interface CallElements {
  createRefs(): CallElementRefs;
  /** The elements show this call from now on. */
  show(call: Call | null): void;
}

const NOTHING = (): void => undefined;

export function createCallElements(): CallElements {
  const placed = new Set<() => void>();
  let call: Call | null = null;

  function createRef(what: Parameters<Call['attach']>[1]): CallElementRef {
    let element: HTMLMediaElement | null = null;
    let detach = NOTHING;
    const place = (): void => {
      detach();
      detach = element && call ? call.attach(element, what) : NOTHING;
    };
    return (next) => {
      // Vue sets a reference with each rendering, and an element that gets its stream again would flicker.
      if (next === element) return;
      element = next;
      placed.add(place);
      place();
      if (!next) placed.delete(place);
    };
  }

  return {
    createRefs: () => ({
      remoteRef: createRef('remote'),
      localRef: createRef('local'),
      screenRef: createRef('screen'),
    }),
    show: (next) => {
      call = next;
      placed.forEach((place) => place());
    },
  };
}

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
  /** The elements show this call from now on. It may have picture and sound since, or no more. */
  show(call: Call | null): void;
}

export function createCallElements(): CallElements {
  const placed = new Set<() => void>();
  let call: Call | null = null;

  function createRef(what: Parameters<Call['attach']>[1]): CallElementRef {
    let element: HTMLMediaElement | null = null;
    /** The call whose picture is in the element. */
    let shown: string | undefined;
    let detach: () => void;
    const put = (id: string | undefined): void => {
      // An element that gets the same stream again would flicker.
      if (id === shown) return;
      if (shown !== undefined) detach();
      shown = id;
      if (id !== undefined) detach = call!.attach(element!, what);
    };
    const place = (): void => put(call && hasMedia(call) ? call.id : undefined);
    return (next) => {
      if (next === element) return;
      put(undefined);
      element = next;
      if (!next) placed.delete(place);
      else {
        placed.add(place);
        place();
      }
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

/** Whether picture and sound of a call are in this tab. */
const hasMedia = ({ isInOtherTab, state, direction }: Call): boolean =>
  !isInOtherTab && state !== 'ended' && (state !== 'ringing' || direction === 'outgoing');

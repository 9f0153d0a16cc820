type Child = Node | string | false | undefined;
type Attributes = { style?: never } & Record<string, string | number | boolean | undefined | ((event: never) => void)>;

/**
 * Builds an element with attributes and children. Attributes like `onclick` are listeners; `false` and `undefined` are
 * left out. Strings become text nodes, so the text of a message is never rendered as markup. There is no `style`,
 * because a strict CSP forbids the attribute; it allows `element.style`.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as (event: Event) => void);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== false && child !== undefined));
  return element;
}

export interface RowKind<T> {
  key(item: T): string;
  /** Everything the element shows; when it changes, the element is built again. */
  signature(item: T): string;
  build(item: T): HTMLElement;
}

interface Row {
  signature: string;
  element: HTMLElement;
}

/**
 * One child element for each item. Elements of unchanged items stay, with their selection, focus and scroll position.
 */
export class Rows<T> {
  readonly #parent: HTMLElement;
  readonly #kind: RowKind<T>;
  #rows = new Map<string, Row>();

  constructor(parent: HTMLElement, kind: RowKind<T>) {
    this.#parent = parent;
    this.#kind = kind;
  }

  render(items: readonly T[]): void {
    const active = document.activeElement as HTMLElement | null;
    const focused = [...this.#rows].find(([, { element }]) => element.contains(active))?.[0];
    const keys = new Set(items.map((item) => this.#kind.key(item)));
    for (const [key, { element }] of this.#rows) if (!keys.has(key)) element.remove();

    const next = new Map<string, Row>();
    let place = this.#parent.firstChild;
    for (const item of items) {
      const key = this.#kind.key(item);
      const signature = this.#kind.signature(item);
      const old = this.#rows.get(key);
      const element = old?.signature === signature ? old.element : this.#kind.build(item);
      if (old && old.element !== element) {
        if (place === old.element) place = element;
        old.element.replaceWith(element);
      }
      if (element === place) place = place.nextSibling;
      else this.#parent.insertBefore(element, place);
      next.set(key, { signature, element });
    }
    this.#rows = next;

    // An element that was built again or moved has lost the focus; a part of it may have kept it.
    const row = focused === undefined ? undefined : next.get(focused)?.element;
    if (!row || row.contains(document.activeElement)) return;
    const heirs = [...(row.contains(active) ? [active!] : []), ...row.querySelectorAll<HTMLElement>('a, button')];
    heirs.find((heir) => heir.checkVisibility())?.focus({ preventScroll: true });
  }
}

/** Runs `task` once for many calls in one turn, because a page of messages comes as many events. */
export function coalesce(task: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      task();
    });
  };
}

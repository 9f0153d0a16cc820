type Child = Node | string | false | undefined;
type Attributes = { style?: never } & Record<string, string | number | boolean | undefined | ((event: never) => void)>;

/**
 * An element with attributes (`onclick` and the like: listeners; `false` and `undefined`: left out) and children. Strings
 * become text nodes, so what a message says is never read as markup. No `style`: a strict CSP forbids the attribute, and
 * allows `element.style`.
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

/** Child elements, one for each item: those of unchanged items stay, with their selection, focus and scroll position. */
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

    // An element that was built again or moved has lost it; a part of it may have stayed.
    const row = focused === undefined ? undefined : next.get(focused)?.element;
    if (!row || row.contains(document.activeElement)) return;
    const heirs = [...(row.contains(active) ? [active!] : []), ...row.querySelectorAll<HTMLElement>('a, button')];
    heirs.find((heir) => heir.checkVisibility())?.focus({ preventScroll: true });
  }
}

/** Runs `task` once, after everything that happens in the same go: a page of messages comes as so many events. */
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

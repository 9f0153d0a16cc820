import type { FlooClient, GroupInfo, RosterItem } from 'flooim';
import { el } from './dom.ts';
import type { Target } from './target.ts';

/** What users and groups are called. */
export class Names {
  readonly #im: FlooClient;
  #users: Record<string, RosterItem> = {};
  #groups: Record<string, GroupInfo> = {};

  constructor(im: FlooClient) {
    this.#im = im;
    this.refresh();
  }

  /** The details changed: read them again. */
  refresh(): void {
    this.#users = this.#im.rosterManage.getAllRosterDetail();
    this.#groups = this.#im.groupManage.getAllGroupDetail();
  }

  user(id: string): string {
    const user = this.#users[id];
    return user?.alias || user?.nick_name || user?.username || (id === '0' ? 'System' : `User ${id}`);
  }

  of({ type, id }: Target): string {
    return type === 'group' ? this.#groups[id]?.name || `Group ${id}` : this.user(id);
  }
}

const HUES = [12, 38, 90, 160, 190, 215, 262, 320];

/** A coloured disc with the first letter. */
export function avatar(name: string, { type, id }: Target): HTMLElement {
  // The dev server's ids are 16 apart; its groups count from the start again.
  const hue = HUES[(Math.floor(Number(id) / 16) + (type === 'group' ? 3 : 0)) % HUES.length]!;
  const style = `--hue: ${hue}`;
  return el(
    'span',
    { class: `avatar ${type}`, style, 'aria-hidden': 'true' },
    String.fromCodePoint(name.codePointAt(0) ?? 0x3f).toUpperCase(),
  );
}

import type { FlooClient, GroupInfo, RosterItem } from 'flooim';
import type { Target } from './target.ts';

/** What users and groups are called, and their pictures. */
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

  /** URL of a small picture; `''` for none. */
  picture({ type, id }: Target): string {
    const { avatar } = (type === 'group' ? this.#groups[id] : this.#users[id]) ?? {};
    return avatar ? this.#im.sysManage.getImage({ avatar, type }) : '';
  }
}

import type { FlooClient, GroupInfo, RosterItem } from 'flooim';
import type { Target } from './target.ts';

/** Names and pictures of users and groups. */
export class Names {
  readonly #im: FlooClient;
  #users: Record<string, RosterItem> = {};
  #groups: Record<string, GroupInfo> = {};

  constructor(im: FlooClient) {
    this.#im = im;
    this.refresh();
  }

  /** Reads the details again after a change. */
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

  /** URL of a small picture, or `''` if there is none. */
  picture({ type, id }: Target): string {
    const { avatar } = (type === 'group' ? this.#groups[id] : this.#users[id]) ?? {};
    return avatar ? this.#im.sysManage.getImage({ avatar, type }) : '';
  }
}

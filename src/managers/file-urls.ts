import type { RestParams } from '../http/endpoints.ts';
import { currentUrl, isOwnUrl, withQuery } from '../http/urls.ts';
import type { AppSource } from './app-source.ts';

/**
 * URLs to show or play files. Only URLs of the app's own servers get the user's token. URLs of other servers stay as
 * they are, and get `params`.
 */
export interface FileUrls {
  /**
   * Returns the URL of a picture of a user or group.
   *
   * @param options.avatar - URL, or object name of an uploaded picture; one that begins with `/` is returned as it is
   * @param options.type - `'roster'` for a user, also when absent; anything else for a group
   * @param options.thumbnail - whether a small picture is enough; true when absent
   * @param options.sdefault - returned when there is no picture, or the servers are not known yet;
   *   `/image/roster.png` or `/image/group.png` when absent
   * @example
   * const url = im.sysManage.getImage({ avatar: im.rosterManage.getRosterInfo(6597478514688).avatar ?? '', type: 'roster' });
   * console.log(url);
   */
  getImage(options?: { avatar?: string; type?: string; thumbnail?: boolean; sdefault?: string }): string;
  /**
   * Returns the URL of a file in a message.
   *
   * @param options.url - `attach.url` of the message
   * @param options.params - more for the server: `image_type` (1 original, 2 thumbnail), `w` and `h` in pixels
   */
  getChatFile(options?: { url?: string; params?: RestParams }): string;
  /**
   * Returns the URL of a voice message, as MP3.
   *
   * @param options.url - `attach.url` of the message
   * @param options.type - no effect; deployed apps pass it
   */
  getAudio(options?: { url?: string; type?: string }): string;
}

export function createFileUrls(app: () => AppSource | undefined): FileUrls {
  const ratel = (): string | undefined => app()?.hosts.current('ratel');
  /**
   * @param params - of the app, for any server
   * @param ownParams - for the app's own servers only
   */
  const fileUrl = (given: string, params: RestParams, ownParams: RestParams = {}): string => {
    if (!given) return '';
    const { hosts, options, identities } = app() ?? {};
    const url = currentUrl(given, hosts);
    if (!isOwnUrl(url, hosts)) return withQuery(url, params);
    // A URL with a token is one that this function returned before.
    const hasToken = /[?&]access-token=/.test(url);
    const credentials = !hasToken && { app_id: options?.appId, 'access-token': identities?.load()?.token };
    return withQuery(url, { ...ownParams, ...params, ...credentials });
  };
  return {
    getImage: ({ avatar, type = 'roster', thumbnail = true, sdefault } = {}) => {
      if (avatar?.startsWith('/')) return avatar;
      const isUrl = avatar?.startsWith('http');
      if (!avatar || !(isUrl || ratel())) return sdefault || `/image/${type === 'roster' ? type : 'group'}.png`;
      const url = isUrl ? avatar : `${ratel()}/file/download/avatar?object_name=${encodeURIComponent(avatar)}`;
      return fileUrl(url, {}, thumbnail ? { image_type: 2 } : {});
    },
    getChatFile: ({ url = '', params = {} } = {}) => fileUrl(url, params),
    getAudio: ({ url = '' } = {}) => fileUrl(url, {}, { format: 'mp3' }),
  };
}

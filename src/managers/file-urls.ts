import type { RestParams } from '../http/endpoints.ts';
import { currentUrl, isOwnUrl, withQuery } from '../http/urls.ts';
import type { AppSource } from './app-source.ts';

/**
 * URLs to show or play files by (api-surface 8.2). They name the user's token only to the app's own servers; that of another
 * server stays as it is, but for `params`.
 */
export interface FileUrls {
  /**
   * Of an avatar: a URL, or the object name of an uploaded picture. One that begins with `/` is left as it is; none, or an
   * object name before the servers are known, is `sdefault`. @param options `thumbnail`: default true; `sdefault`: default
   * `/image/roster.png`, for any `type` but `'roster'` `/image/group.png`.
   */
  getImage(options?: { avatar?: string; type?: string; thumbnail?: boolean; sdefault?: string }): string;
  /** Of a file in a message. @param options `params`: more for the server, e.g. `image_type` 1 original, 2 thumbnail; `w`, `h`. */
  getChatFile(options?: { url?: string; params?: RestParams }): string;
  /** Of a voice message, as MP3. */
  getAudio(options?: { url?: string; type?: string }): string;
}

export function createFileUrls(app: () => AppSource | undefined): FileUrls {
  const ratel = (): string | undefined => app()?.hosts.current('ratel');
  /** @param asked by the app, of any server. @param ours what our own servers know. */
  const fileUrl = (given: string, asked: RestParams, ours: RestParams = {}): string => {
    if (!given) return '';
    const { hosts, options, identities } = app() ?? {};
    const url = currentUrl(given, hosts);
    if (!isOwnUrl(url, hosts)) return withQuery(url, asked);
    // One that has the token has it from here.
    const isAsking = !/[?&]access-token=/.test(url);
    const credentials = isAsking && { app_id: options?.appId, 'access-token': identities?.load()?.token };
    return withQuery(url, { ...ours, ...asked, ...credentials });
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

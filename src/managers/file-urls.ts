import type { RestParams } from '../http/endpoints.ts';
import { currentUrl, escaped, isOwnUrl, setQuery } from '../http/urls.ts';
import { fromEntries } from '../util/es2019.ts';
import type { AppSource } from './app-source.ts';
import { isScalar } from './arguments.ts';

/**
 * URLs to show or play files. Only URLs of the app's own servers get the user's token. URLs of other servers stay as
 * they are, and get `params`.
 *
 * Each function takes what it returned before: the result is the same URL, with the token of now.
 */
export interface FileUrls {
  /**
   * Returns the URL of a picture of a user or group.
   *
   * @param options.avatar - URL, or object name of an uploaded picture; a path that begins with `/` or `.`, a URL that
   *   is not of `http`, and `sdefault` are returned as they are
   * @param options.type - `'roster'` for a user, also when absent; anything else for a group
   * @param options.thumbnail - whether a small picture is enough; true when absent. It counts also for a URL that was
   *   asked for with another value
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
    if (!isOwnUrl(url, hosts)) return setQuery(url, params);
    const credentials = { app_id: options?.appId, 'access-token': identities?.load()?.token };
    return setQuery(url, { ...ownParams, ...params, ...credentials });
  };
  return {
    getImage: (options) => {
      const { avatar: given, type = 'roster', thumbnail = true, sdefault } = options ?? {};
      const avatar = textOf(given);
      const picture = textOf(sdefault) || `/image/${type === 'roster' ? type : 'group'}.png`;
      if (avatar === picture || SHOWN_AS_IT_IS.test(avatar)) return avatar;
      const isUrl = /^https?:/i.test(avatar);
      if (!avatar || !(isUrl || ratel())) return picture;
      const url = isUrl ? avatar : `${ratel()}/file/download/avatar?object_name=${escaped(avatar)}`;
      return fileUrl(url, {}, { image_type: thumbnail ? 2 : null });
    },
    getChatFile: (options) => fileUrl(textOf(options?.url), scalarsOf(options?.params)),
    getAudio: (options) => fileUrl(textOf(options?.url), {}, { format: 'mp3' }),
  };
}

/** What of the given parameters can be in a URL. */
const scalarsOf = (params: RestParams | undefined): RestParams =>
  fromEntries(Object.entries(params ?? {}).filter(([, value]) => isScalar(value)));

/** Pictures that the page has already: a path, or a URL that names no server. */
const SHOWN_AS_IT_IS = /^(?:[/.]|(?:data|blob|file|wxfile):)/;

/** Apps call these while they render, with whatever a server or a peer sent: what is no text counts as none. */
const textOf = (given: unknown): string => (typeof given === 'string' ? given : '');

import { FlooError } from '../errors.ts';
import type { RestParams } from '../http/endpoints.ts';
import type { LinkInfo } from '../model/user-access.ts';
import type { Clock, Timer } from '../platform/ports.ts';
import type { AppSource } from './app-source.ts';
import { mustFields, mustText } from './arguments.ts';
import type { RightNames } from './deployed-names.ts';

/** Invitation links. Link servers get neither the token nor the app id. */
export interface LinkParser {
  /**
   * Asks a link server what an invitation link stands for.
   *
   * @param url - URL of the link server
   * @param params.link - the link
   * @throws FlooError `InvalidParam` without a link
   * @throws FlooError `ServerNotReachable` or `ServerTimeOut` when there is no answer
   */
  asyncParseLink(url: string, params: { link: string }): Promise<LinkInfo>;
  /** @deprecated Misspelt: use {@link asyncParseLink}. */
  aysncParseLink: LinkParser['asyncParseLink'];
  /**
   * Asks the app's link servers what an invitation link stands for. It asks one more each second until one answers.
   *
   * @param link - the link
   * @throws FlooError `InvalidParam` without a link
   * @throws FlooError `ServerNotReachable` or `ServerTimeOut` when no server answers
   */
  asyncParseLinkV2(link: string): Promise<LinkInfo>;
  /** @deprecated Misspelt: use {@link asyncParseLinkV2}. */
  aysncParseLinkV2: LinkParser['asyncParseLinkV2'];
}

export interface LinkParserDeps {
  app(): AppSource | undefined;
  clock: Clock;
  /** Sends a GET request to a link server. */
  visit(url: string, params: RestParams): Promise<LinkInfo>;
}

/** Each server is asked this long after the one before it. */
const STAGGER_MS = 1000;

export function createLinkParser({ app, clock, visit }: LinkParserDeps): RightNames<LinkParser> {
  const parse = async (urls: readonly string[], link: string): Promise<LinkInfo> => {
    if (!link || typeof link !== 'string') throw new FlooError('InvalidParam', 'link can not be null..');
    for (const url of urls)
      if (!/^https?:\/\//.test(url)) throw new FlooError('InvalidParam', 'the link server has no http(s) URL');
    let timers: Timer[] = [];
    return new Promise<LinkInfo>((resolve, reject) => {
      let left = urls.length;
      const ask = (url: string): void =>
        void visit(url, { link }).then(resolve, (error: unknown) => {
          left--;
          // When a server refuses the link, the others would too.
          if (left === 0 || (error as FlooError).restCode !== undefined) reject(error);
        });
      timers = urls.map((url, at) => clock.setTimeout(() => ask(url), at * STAGGER_MS));
    }).finally(() => timers.forEach((timer) => clock.clearTimeout(timer)));
  };
  return {
    asyncParseLink: async (url, params) => parse([mustText(url, 'url')], mustFields(params, 'params').link),
    asyncParseLinkV2: async (link) => {
      const { hosts, options } = app() ?? {};
      const domains = hosts?.answer?.linkServers ?? [];
      const urls = domains.map((domain) => `https://${domain}/info`);
      return parse(urls.length > 0 ? urls : [options?.linkServer ?? ''], link);
    },
  };
}

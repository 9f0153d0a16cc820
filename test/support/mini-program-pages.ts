import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './client-events.ts';
import { BUILDS, PATIENCE_MS } from './mini-program-client.ts';
import { createMiniProgramEngine } from './mini-program-vm.ts';
import type { MiniProgramEngine } from './mini-program-vm.ts';
import type { MiniProgramRun, Phone } from './mini-program.ts';

/** A list that a page shows. */
export type Rows = Record<string, unknown>[];

type Methods = Record<string, (event?: unknown) => unknown>;

/** A page that the framework makes of the argument of `Page()`. */
export type MiniProgramPage = Methods & {
  route: string;
  data: Record<string, unknown>;
  setData(patch: Record<string, unknown>): void;
};

export interface MiniProgramProject {
  readonly run: MiniProgramRun;
  readonly engine: MiniProgramEngine;
  /** The result of `getApp()`. */
  readonly app: Record<string, unknown>;
  /** The page in front. */
  page(): MiniProgramPage;
  /** The title that the page in front gave itself. */
  title(): string;
  /** Resolves when this page is in front and its data is as expected. */
  see(route: string, matches?: (lists: Record<string, Rows>) => boolean): Promise<MiniProgramPage>;
  /** The next file that the user picks. */
  picks: string[];
  /** What the user was asked by `wx.showModal`, oldest first. */
  readonly questions: Question[];
}

export interface Question {
  readonly title: string;
  success(answer: { confirm: boolean }): void;
}

/**
 * Runs a mini-program project from its files on the least of WeChat's framework: `App`, `Page`, `getApp`, navigation, tabs. Nothing
 * is drawn. @param config what its `config.js` exports.
 */
export function startProject(folder: string, phone: Phone, config: object): MiniProgramProject {
  const json = JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8')) as {
    pages: string[];
    tabBar?: { list: { pagePath: string }[] };
  };
  const tabs = (json.tabBar?.list ?? []).map(({ pagePath }) => pagePath);
  const run = phone.launch();
  let app: Record<string, unknown> = {};
  let made: Methods & { data?: Record<string, unknown> } = {};
  let title = '';
  /** Pages one above the other; tabs that were left stay loaded. */
  let stack: MiniProgramPage[] = [];
  const loadedTabs = new Map<string, MiniProgramPage>();
  const definitions = new Map<string, typeof made>();

  const pageOf = (route: string): MiniProgramPage => {
    if (!json.pages.includes(route)) throw new Error(`app.json has no page ${route}`);
    if (!definitions.has(route)) {
      engine.load(join(folder, `${route}.js`));
      definitions.set(route, made);
    }
    const definition = definitions.get(route)!;
    const page: MiniProgramPage = Object.assign(Object.create(definition) as MiniProgramPage, {
      route,
      data: copy(definition.data ?? {}),
      setData: (patch: Record<string, unknown>) => void Object.assign(page.data, copy(patch)),
    });
    return page;
  };
  const open = (url: string, above: MiniProgramPage[]): void => {
    const [path = '', query = ''] = url.slice(1).split('?');
    const known = loadedTabs.get(path);
    const page = known ?? pageOf(path);
    stack = [...above, page];
    if (tabs.includes(path)) loadedTabs.set(path, page);
    if (!known) page['onLoad']?.(Object.fromEntries(new URLSearchParams(query)));
    page['onShow']?.();
  };
  const unload = (pages: Iterable<MiniProgramPage>): void => {
    for (const page of pages) page['onUnload']?.();
  };
  const navigation = {
    navigateTo: ({ url }: { url: string }) => open(url, stack),
    navigateBack: () => {
      unload(stack.splice(-1));
      stack.at(-1)!['onShow']?.();
    },
    switchTab: ({ url }: { url: string }) => {
      if (!tabs.includes(url.slice(1))) throw new Error(`no tab ${url}`);
      unload(stack.filter((page) => !tabs.includes(page.route)));
      open(url, []);
    },
    reLaunch: ({ url }: { url: string }) => {
      unload(new Set([...stack, ...loadedTabs.values()]));
      loadedTabs.clear();
      open(url, []);
    },
    setNavigationBarTitle: (given: { title: string }) => (title = given.title),
    showModal: (question: Question) => void project.questions.push(question),
    chooseMedia: async () => ({ tempFiles: project.picks.splice(0, 1).map((tempFilePath) => ({ tempFilePath })) }),
  };
  const engine = createMiniProgramEngine(
    run.timers,
    {
      wx: { ...run.api, ...navigation },
      App: (definition: typeof app) => (app = definition),
      getApp: () => app,
      Page: (definition: typeof made) => (made = definition),
    },
    { [join(folder, 'im/flooim.js')]: BUILDS.wechat.file, [join(folder, 'config.js')]: config },
  );
  const project: MiniProgramProject = {
    run,
    engine,
    get app() {
      return app;
    },
    page: () => stack.at(-1)!,
    title: () => title,
    async see(route, matches = () => true) {
      const isThere = (): boolean => {
        const page = project.page();
        return page.route === route && matches(page.data as Record<string, Rows>);
      };
      await until(isThere, `${route}; in front: ${project.page().route}`, PATIENCE_MS);
      return project.page();
    },
    picks: [],
    questions: [],
  };
  engine.load(join(folder, 'app.js'));
  (app as Methods)['onLaunch']?.();
  open(`/${json.pages[0]!}`, []);
  return project;
}

/** Data on its way to the view, as JSON; a value that JSON cannot hold is a mistake. */
function copy(data: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(data)) {
    if (value === undefined) throw new Error(`setData: ${name} is undefined`);
  }
  return JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
}

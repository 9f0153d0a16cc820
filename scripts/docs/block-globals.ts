import { EXAMPLE_GLOBALS } from './examples.ts';

/** The names that a block without a file name may use: it is a part of an app. A file has to stand alone. */
export const APP_NAMES = ['call', 'im', 'message', 'mid', 'picker'];

/** What the environments of the pages have, of which no types are installed here. */
const ENVIRONMENTS = `
declare global {
  function defineNuxtConfig(config: object): object;
  function defineNuxtPlugin(plugin: (app: { vueApp: import('vue').App }) => unknown): unknown;
}
`;

/** Packages that the repository does not install, because they are big or download programs. */
const MODULES = `
declare module 'electron' {
  export const app: { whenReady(): Promise<void>; getPath(name: string): string; on(event: string, handler: () => void): void; quit(): void };
  export const ipcMain: {
    on(channel: string, handler: (event: unknown, ...values: any[]) => void): void;
    handle(channel: string, handler: (event: unknown, ...values: any[]) => unknown): void;
  };
  export const ipcRenderer: {
    on(channel: string, handler: (event: unknown, ...values: any[]) => void): void;
    invoke(channel: string, ...values: unknown[]): Promise<any>;
    send(channel: string, ...values: unknown[]): void;
  };
  export const contextBridge: { exposeInMainWorld(name: string, api: object): void };
  export class BrowserWindow {
    constructor(options?: object);
    webContents: { send(channel: string, ...values: unknown[]): void };
    loadFile(path: string): Promise<void>;
    loadURL(url: string): Promise<void>;
    on(event: string, handler: () => void): void;
    isDestroyed(): boolean;
  }
}
declare module '@dcloudio/uni-app' {
  export function onLoad(handler: (query?: Record<string, string>) => void): void;
  export function onShow(handler: () => void): void;
  export function onHide(handler: () => void): void;
  export function onUnload(handler: () => void): void;
}
declare module '@dcloudio/vite-plugin-uni' {
  export default function uni(): object;
}
declare module '*.vue' {
  const component: import('vue').DefineComponent;
  export default component;
}
`;

/** Of script tags, windows of Electron and mini-programs: their code is JavaScript. */
const PLATFORMS = `
declare global {
  const wx: any;
  const uni: any;
  const flooIM: typeof import('flooim').default & typeof import('flooim');
  const chat: any;
  function App(app: object & ThisType<any>): void;
  function Page(page: object & ThisType<any>): void;
  function Component(component: object & ThisType<any>): void;
  function getApp(): any;
}
`;

/** For blocks of TypeScript. */
export const GLOBALS_OF_TYPESCRIPT = EXAMPLE_GLOBALS + ENVIRONMENTS;

/** For blocks of JavaScript. */
export const GLOBALS_OF_JAVASCRIPT = EXAMPLE_GLOBALS + ENVIRONMENTS + PLATFORMS;

/** A file of its own: it declares modules, so that it may be none. */
export const UNINSTALLED_MODULES = MODULES;

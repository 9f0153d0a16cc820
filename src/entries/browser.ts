export * from '../index.ts';
export { createClient, flooim, flooim as default } from './browser-client.ts';

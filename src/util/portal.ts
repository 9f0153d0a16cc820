import type { HttpFailure, HttpResponse } from '../platform/ports.ts';

// A network that wants a login of its own answers every request with its page, or redirects it there.

/** Whether an answer is a page. The app's servers answer with JSON. */
export const isPage = ({ status, body }: HttpResponse): boolean => status === 200 && /^\s*</.test(body);

/** Whether a request failed because something redirects it, which is not followed. */
export const isRedirected = (failure: unknown): boolean => (failure as HttpFailure).kind === 'redirected';

/** `protocol://host[:port]` of a URL, without a name and password. */
export const hostOf = (url: string): string => url.replace(/^([a-z]+:\/\/)(?:[^/?#@]*@)?([^/?#]*).*$/i, '$1$2');

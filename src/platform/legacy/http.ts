import type { HttpClient } from '../ports.ts';
import { failure, isElsewhere, MAX_ANSWER_BYTES, redirected, tooLarge, unreachable } from '../web-api/http.ts';

/**
 * HTTP without `fetch`. XMLHttpRequest follows redirects by itself: an answer from another origin is refused, but the request
 * has arrived there, with its headers unless the browser is so old that it refuses such a redirect.
 */
export const xhrHttp: HttpClient = ({ method, url, headers, body, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.onload = () =>
      isElsewhere(xhr, url) ? reject(redirected()) : resolve({ status: xhr.status, body: xhr.responseText });
    xhr.onerror = xhr.onabort = ({ type }) => reject(failure('unreachable', type));
    xhr.onprogress = ({ loaded }) => {
      if (loaded <= MAX_ANSWER_BYTES) return;
      reject(tooLarge());
      xhr.abort();
    };
    xhr.ontimeout = () => reject(failure('timeout', `no answer in ${timeoutMs} ms`));
    try {
      xhr.open(method, url);
      // IE takes a timeout only after open().
      xhr.timeout = timeoutMs;
      for (const name of Object.keys(headers)) xhr.setRequestHeader(name, headers[name]!);
      xhr.send(body);
    } catch (error) {
      reject(unreachable(error));
    }
  });

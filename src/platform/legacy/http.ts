import type { HttpClient } from '../ports.ts';
import { failure, unreachable } from '../web-api/http.ts';

/** HTTP without `fetch`. */
export const xhrHttp: HttpClient = ({ method, url, headers, body, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.onload = () => resolve({ status: xhr.status, body: xhr.responseText });
    xhr.onerror = xhr.onabort = ({ type }) => reject(failure('unreachable', type));
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

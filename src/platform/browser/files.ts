import type { FileTransfer } from '../ports.ts';
import { blobs, fetchDownload } from '../web-api/files.ts';
import { failure, isElsewhere, MAX_ANSWER_BYTES, redirected, tooLarge } from '../web-api/http.ts';

/**
 * Uploads with XMLHttpRequest: `fetch` reports no progress of an upload. It follows redirects by itself, so an upload to another
 * origin than its own is refused only when it is done.
 */
export const xhrUpload: FileTransfer['upload'] = ({ url, method, fields, file, name }, onProgress) => {
  const xhr = new XMLHttpRequest();
  let body = file as Blob | FormData;
  if (method === 'POST') {
    const form = new FormData();
    for (const [key, value] of Object.entries(fields)) form.append(key, value);
    form.append('file', file as Blob, name);
    body = form;
  }
  return {
    result: new Promise((resolve, reject) => {
      xhr.onload = () =>
        isElsewhere(xhr, url) ? reject(redirected()) : resolve({ status: xhr.status, body: xhr.responseText });
      xhr.onerror = xhr.onabort = ({ type }) => reject(failure('unreachable', type));
      xhr.onprogress = ({ loaded }) => {
        if (loaded <= MAX_ANSWER_BYTES) return;
        reject(tooLarge());
        xhr.abort();
      };
      // `loaded` includes the form around the file.
      xhr.upload.onprogress = ({ loaded }) => onProgress(Math.min(loaded, file.size), file.size);
      xhr.open(method, url);
      xhr.send(body);
    }),
    cancel: () => xhr.abort(),
  };
};

/** The files of a page or worker. */
export const browserFiles: FileTransfer = {
  ...blobs,
  storesSlices: true,
  download: (request, onProgress) => fetchDownload(request, onProgress),
  upload: xhrUpload,
};

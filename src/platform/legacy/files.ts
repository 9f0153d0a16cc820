import type { FileTransfer } from '../ports.ts';
import { xhrUpload } from '../browser/files.ts';
import { blobs } from '../web-api/files.ts';
import { failure, isElsewhere, redirected } from '../web-api/http.ts';

/** Files without `fetch`. An interrupted download starts over. */
export const legacyFiles: FileTransfer = {
  ...blobs,
  upload: xhrUpload,
  download: ({ url, hasToken }, onProgress) => {
    const xhr = new XMLHttpRequest();
    return {
      result: new Promise((resolve, reject) => {
        xhr.onload = () =>
          hasToken && isElsewhere(xhr, url)
            ? reject(redirected())
            : resolve({ status: xhr.status, file: xhr.response as Blob });
        xhr.onerror = xhr.onabort = ({ type }) => reject(failure('unreachable', type));
        xhr.onprogress = ({ loaded, total, lengthComputable }) =>
          onProgress(loaded, lengthComputable ? total : undefined);
        xhr.open('GET', url);
        xhr.responseType = 'blob';
        xhr.send();
      }),
      cancel: () => xhr.abort(),
    };
  },
};

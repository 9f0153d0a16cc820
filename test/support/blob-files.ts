import type { FileTransfer } from '../../src/platform/ports.ts';
import { blobs } from '../../src/platform/web-api/files.ts';

/** Files of a platform without a network: transfers are for a test to fill in. */
export const blobFiles: FileTransfer = {
  ...blobs,
  upload: () => {
    throw new Error('not in this test');
  },
  download: () => {
    throw new Error('not in this test');
  },
};

import { Mime } from 'mime/lite';
import standardTypes from 'mime/types/standard.js';

// The standard types have no `.m4v`, which pickers of mini-programs give.
const mime = new Mime(standardTypes, { 'video/x-m4v': ['m4v'] });

/** MIME type for the extension of a file name or path; `''` when there is no extension or it is not known. */
export function mimeTypeOf(name: string): string {
  // The package takes a name without a dot for an extension.
  return (name.includes('.') && mime.getType(name)) || '';
}

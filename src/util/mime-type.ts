import { Mime } from 'mime/lite';
import standardTypes from 'mime/types/standard.js';

/** Media that the standard types do not have. Pickers of mini-programs give `.m4v`. */
const OTHER_MEDIA = {
  'audio/flac': ['flac'],
  'audio/x-ms-wma': ['wma'],
  'image/x-icon': ['ico'],
  'video/x-flv': ['flv'],
  'video/x-m4v': ['m4v'],
  'video/x-matroska': ['mkv'],
  'video/x-ms-wmv': ['wmv'],
  'video/x-msvideo': ['avi'],
};
const mime = new Mime(standardTypes, OTHER_MEDIA);

/** MIME type for the extension of a file name or path; `''` when there is no extension or it is not known. */
export function mimeTypeOf(name: string): string {
  // The package takes a name without a dot for an extension.
  return (name.includes('.') && mime.getType(name)) || '';
}

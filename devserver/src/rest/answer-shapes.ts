import { flag, id, int, list, named, object, oneOf, optional, record, text } from './params.ts';
import type { Param } from './params.ts';

/** What several endpoints take and answer, as they are documented. `shapes.ts` makes the answers. */

/** Parameters of lists that have pages. */
export const paging = {
  cursor: optional(text('The cursor of the page before.')),
  limit: optional(int('Most rows of a page.', { min: 1 })),
};

/** Fields beside `data` in the answer of a list that has pages. */
export const PAGED = {
  cursor: optional(text('Asks for the next page. Absent on the last one.')),
  total: optional(int('Number of rows of all pages.')),
  version: optional(int('Version of the list.')),
};

/** Where an application or invitation stands. */
export const requestStatus = int('0 pending, 1 accepted, 2 declined.', { min: 0, max: 2 });

export const userResultShape = named(
  'UserResult',
  object(
    {
      user_id: id('The user.'),
      result: oneOf(['success', 'fail'], 'Whether it was done.'),
      reason: optional(text('Why not.')),
    },
    'What became of one user of a call for many.',
  ),
);

export const userSuccessShape = named(
  'UserSuccess',
  object(
    {
      user_id: optional(id('The user, if there is one.')),
      username: optional(text('Name of the account.')),
      success: flag('Whether it was done.'),
      reason: optional(text('Why not.')),
    },
    'What became of one user of a call for many.',
  ),
);

export const fileUploadShape = named(
  'FileUpload',
  object(
    {
      upload_url: text('Where to send the bytes.'),
      upload_method: oneOf(['POST', 'PUT'], 'How.'),
      download_url: text('Where the file can be downloaded then.'),
      oss_body_param: record('Fields that the form must have before the file; may be empty.'),
    },
    'Where to upload one file.',
  ),
);

export const deviceShape = named(
  'Device',
  object(
    {
      device_sn: int('Serial number of the device; unique for the user.'),
      platform: int('1 iOS, 2 Android, 3 Windows, 4 macOS, 5 Linux, 6 web.'),
      user_agent: text('What the device says it is.'),
      user_id: id('The user.'),
    },
    'A device of a user.',
  ),
);

export const xidShape = named(
  'Xid',
  object(
    { uid: id('A user or a group; 0 is the system.'), device_sn: int('The device; 0 is none.') },
    'A user, a device of one, or a group.',
  ),
);

export const signShape = object({ sign: text('Allows one more step, once.') });

export const idList = (about: string): Param<number[]> => list(id(), about);

import { MessageBodyContentType } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';
import type { Device } from '../model/devices.ts';
import type { User } from '../model/users.ts';
import { DONE } from './answer.ts';
import { id, ids, isRecord, list, object, oneOf, optional, record, schemaOf, text } from './params.ts';
import type { JsonSchema, Param } from './params.ts';
import { RestError } from './rest-error.ts';
import { POST, route } from './route.ts';
import type { Route } from './route.ts';

const MOST_TARGETS = 500;
const CONTENT_TYPES = {
  text: MessageBodyContentType.TEXT,
  image: MessageBodyContentType.IMAGE,
  cmd: MessageBodyContentType.COMMAND,
} as const;
const TYPES = Object.keys(CONTENT_TYPES) as (keyof typeof CONTENT_TYPES)[];

const targetsBy = (name: string, target: Param<unknown>): JsonSchema => schemaOf({ [name]: list(target) });
const AUDIENCE: JsonSchema = {
  description: 'Everybody, or devices by one of these.',
  oneOf: [
    { const: 'all' },
    targetsBy('user_id', id()),
    targetsBy('push_token', text()),
    targetsBy('tag', text()),
    targetsBy('alias', text()),
  ],
};

/** Whether a notification is for this device of this user. */
type Audience = (device: Device, user: User) => boolean;

/** Notifications to devices. */
export const pushRoutes: readonly Route[] = [
  route({
    methods: POST,
    path: '/push/notify',
    summary: 'Sends a notification to devices that are online.',
    refuses: [12005],
    access: 'admin',
    body: {
      audience: audience(),
      message: object(
        {
          type: optional(oneOf(TYPES, 'Kind of the notification.')),
          title: optional(text('Its title.')),
          body: optional(text('Its text.')),
          attachment_url: optional(text('URL of its picture.')),
          ext: optional(record('Data for apps.')),
        },
        'The notification.',
      ),
      setting: optional(record('Has no effect.')),
    },
    handle({ app, notices }, { audience: isMeant, message }) {
      const body = toBody(message);
      for (const user of app.users) {
        const devices = app.devices.of(user.id).filter((device) => isMeant(device, user));
        notices.push(
          app,
          user.id,
          body,
          devices.map(({ sn }) => sn),
        );
      }
      return DONE;
    },
  }),
];

interface PushMessage {
  type?: keyof typeof CONTENT_TYPES | undefined;
  title?: string | undefined;
  body?: string | undefined;
  attachment_url?: string | undefined;
  ext?: Readonly<Record<string, unknown>> | undefined;
}

function toBody({ type = 'text', title, body = '', attachment_url: url, ext }: PushMessage): IMessageBody {
  return {
    ctype: CONTENT_TYPES[type],
    content: body,
    is_system: true,
    config: JSON.stringify({ title }),
    ...(url !== undefined && { attachment: JSON.stringify({ url }) }),
    ...(ext && { ext: JSON.stringify(ext) }),
  };
}

function audience(): Param<Audience> {
  return {
    required: true,
    schema: AUDIENCE,
    parse(value) {
      if (value === 'all') return () => true;
      const [named, ...more] = isRecord(value) ? Object.entries(value) : [];
      if (!named || more.length > 0) return undefined;
      if (Array.isArray(named[1]) && named[1].length > MOST_TARGETS) throw new RestError(12005);
      return audienceOf(...named);
    },
  };
}

function audienceOf(name: string, targets: unknown): Audience | undefined {
  switch (name) {
    case 'user_id': {
      const users = ids().parse(targets);
      return users && (({ userId }) => users.includes(userId));
    }
    case 'push_token': {
      const tokens = list(text()).parse(targets);
      return tokens && (({ pushToken }) => pushToken !== undefined && tokens.includes(pushToken));
    }
    case 'tag': {
      const tags = list(text()).parse(targets);
      return tags && ((_device, { push }) => push?.tags.some((tag) => tags.includes(tag)) === true);
    }
    case 'alias': {
      const aliases = list(text()).parse(targets);
      return aliases && ((_device, { push }) => push?.alias !== undefined && aliases.includes(push.alias));
    }
    default:
      return undefined;
  }
}

import type { JsonSchema } from '../rest/params.ts';
import type { Operation } from './document.ts';

const APP: readonly object[] = [{ app: [] }];
const USER: readonly object[] = [{ app: [], token: [] }];

const inQuery = (name: string, description: string, schema: JsonSchema, required = true): object => ({
  name,
  in: 'query',
  required,
  description,
  schema,
});
const json = (data: JsonSchema, description: string): object => ({
  description,
  content: {
    'application/json': {
      schema: { type: 'object', properties: { code: { const: 200 }, data }, required: ['code', 'data'] },
    },
  },
});
const bytes = (type: string): Operation['responses'] => ({
  200: {
    description: 'The bytes; a refusal is an envelope with a code.',
    content: {
      [type]: { schema: { type: 'string', contentMediaType: type } },
      'application/json': { schema: { type: 'object' } },
    },
  },
});
const entries: JsonSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      protocol: { type: 'string', enum: ['http', 'https'] },
      host: { type: 'string', description: '`host:port`.' },
    },
    required: ['protocol', 'host'],
  },
};

const rendering = [
  inQuery('format', 'Format of voice.', { type: 'string', enum: ['amr', 'mp3'] }, false),
  inQuery(
    'image_type',
    '1 the file, 2 its thumbnail, 3 its cover.',
    { type: 'integer', minimum: 1, maximum: 3 },
    false,
  ),
];

const DNS: JsonSchema = {
  type: 'object',
  properties: {
    version: { type: 'string' },
    app_status: { type: 'string', enum: ['normal', 'banned', 'frozen', 'revoked'] },
    account_verification: { type: 'object' },
    dns_server_list: { type: 'array' },
    link_server_list: { type: 'array' },
    dns_list: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          group_level: { type: 'integer' },
          clusters: {
            type: 'array',
            items: {
              type: 'object',
              description: 'Hosts of REST (`ratel`), sockets (`webim`) and calls (`rtc`).',
              properties: { ratel: entries, webim: entries, rtc: entries },
              required: ['ratel', 'webim', 'rtc'],
            },
          },
        },
        required: ['group_level', 'clusters'],
      },
    },
  },
  required: ['app_status', 'dns_list'],
};

const health = (operationId: string): Operation => ({
  operationId,
  tags: ['bootstrap'],
  summary: 'Whether the server is there.',
  security: [],
  responses: { 200: json({ const: true }, 'It is.') },
});

/** The endpoints that are not rows of a table: they need no app, or answer bytes. */
export const OTHER_ENDPOINTS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/': { get: health('getRoot') },
  '/api/health': { get: health('getApiHealth') },
  '/v2/app_dns': {
    get: {
      operationId: 'getV2AppDns',
      tags: ['bootstrap'],
      summary: 'The hosts of an app: the `dnsServer` of a client.',
      security: [],
      parameters: [inQuery('app_id', 'The app.', { type: 'string' })],
      responses: { 200: json(DNS, 'The hosts; code 99998 for an unknown app.') },
    },
  },
  '/app/config': {
    get: {
      operationId: 'getAppConfig',
      tags: ['bootstrap'],
      summary: 'What the app allows.',
      security: APP,
      responses: {
        200: json(
          {
            type: 'object',
            properties: {
              hide_member_info: { type: 'boolean', description: 'Whether details of members are hidden.' },
              message_forward_max_user_num: { type: 'integer', description: 'Most receivers of a forward.' },
              message_forward_max_message_num: { type: 'integer', description: 'Most messages of a forward.' },
            },
          },
          'The configuration; code 40000 for an unknown app.',
        ),
      },
    },
  },
  '/app/captcha/image': {
    get: {
      operationId: 'getAppCaptchaImage',
      tags: ['mobile numbers'],
      summary: 'The picture of a captcha.',
      security: APP,
      parameters: [inQuery('image_id', 'The answer of `POST /app/captcha/image`.', { type: 'string' })],
      responses: bytes('image/png'),
    },
  },
  '/file/download/chat': {
    get: {
      operationId: 'getFileDownloadChat',
      tags: ['files'],
      summary: 'A file of a message. Credentials may be in the query, for an `<img>`.',
      security: USER,
      parameters: [inQuery('file_sign', 'The sign in the URL of the file.', { type: 'string' }), ...rendering],
      responses: bytes('application/octet-stream'),
    },
  },
  '/file/download/avatar': {
    get: {
      operationId: 'getFileDownloadAvatar',
      tags: ['files'],
      summary: 'A picture of a user or group. Credentials may be in the query, for an `<img>`.',
      security: USER,
      parameters: [inQuery('object_name', 'Name of the picture.', { type: 'string' }), ...rendering],
      responses: bytes('image/png'),
    },
  },
};

export { createDevServer, DEFAULT_APP_ID } from './server.ts';
export type { DevServer } from './server.ts';
export type { DevServerOptions } from './options.ts';
export type { Controls, Uid } from './controls.ts';
export type {
  ConversationTruth,
  DeviceTruth,
  GroupTruth,
  MessageTruth,
  QueueTruth,
  Truth,
  UserTruth,
} from './truth.ts';
export type {
  DnsFault,
  DnsHosts,
  DropFault,
  EagerMode,
  RequestKind,
  RestFault,
  StatusFault,
  TransferFault,
  TransferRules,
} from './faults.ts';
export type { DevData } from './model/dev-data.ts';
export type { AppData } from './model/app-data.ts';
export type { ReceivedFrame } from './xsync/xsync-server.ts';
export type { ReceivedRequest } from './rest/request-log.ts';
export { DEMO_PASSWORD } from './seed.ts';

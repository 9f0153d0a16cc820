/**
 * A server in the memory of a test, for the tests of an app.
 *
 * @packageDocumentation
 */
export { createTestServer } from './test-server.ts';
export type { TestServer, TestServerOptions } from './test-server.ts';
export { replay } from './replay.ts';
export type { Replay } from './replay.ts';
export type { TestClientOptions } from './client-options.ts';
export type { TestClock } from './clock.ts';
export type { TestDevice } from './device.ts';
export type { KickReason, Refusal, RequestKind, RestFailure, TestFaults } from './faults.ts';
export type { RandomFaults } from './line.ts';
export type { StorageFault } from './memory-kv.ts';
export type { NetworkQuality } from './network.ts';
export type { MessageRef, TestMessage } from './messages.ts';
export type { PeerContacts, RestCall, TestGroup } from './peer-contacts.ts';
export type { PeerMessages, Sending, SendingFile } from './peer-messages.ts';
export type { Place } from './places.ts';
export type { TestRecorder } from './recorder.ts';
export type { RecordedEvent, Recording } from './recording.ts';
export type { NewUser, TestUser } from './test-user.ts';
export type {
  ConversationTruth,
  DeviceTruth,
  GroupTruth,
  MessageTruth,
  QueueTruth,
  Truth,
  UserTruth,
} from '../../devserver/src/truth.ts';

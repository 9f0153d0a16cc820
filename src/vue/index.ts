// The public subpath `flooim/vue`.
export { createFlooim, provideFlooim, useClient } from './context.ts';
export type { FlooimOptions, Refs } from './context.ts';
export {
  useConnection,
  useConversations,
  useMessages,
  useSearch,
  useSend,
  useSession,
  useTyping,
  useUnread,
  useUploads,
} from './composables.ts';
export type { MaybeConversation } from './composables.ts';
export {
  useFriendRequests,
  useGroup,
  useGroupInvitations,
  useGroupMembers,
  usePeer,
  useSelf,
  useUser,
} from './contact-composables.ts';
export { useCall } from './call-composable.ts';
export type { CallElementBinding, CallElementBindings } from './call-composable.ts';
export * from '../live/index.ts';

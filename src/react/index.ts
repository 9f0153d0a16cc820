// The public subpath `flooim/react`. The build puts 'use client' above it.
export { FlooimProvider, useClient } from './provider.ts';
export type { FlooimProviderProps } from './provider.ts';
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
} from './hooks.ts';
export {
  useFriendRequests,
  useGroup,
  useGroupInvitations,
  useGroupMembers,
  usePeer,
  useSelf,
  useUser,
} from './contact-hooks.ts';
export { useCall } from './call-hook.ts';
export * from '../live/index.ts';

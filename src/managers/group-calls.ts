import type { GroupContentCalls } from './group-content-calls.ts';
import type { GroupInfoCalls } from './group-info-calls.ts';
import type { GroupMemberCalls } from './group-member-calls.ts';

/**
 * What the server does about groups: one REST call each. They reject as those of {@link UserCalls}; what concerns a group
 * also with GroupNotExist, GroupNotMemberFound, and GroupAdminPermissionRequired or GroupOwnerPermissionRequired. What
 * changes here follows from the server's notice, for every device alike.
 */
export interface GroupCalls extends GroupInfoCalls, GroupMemberCalls, GroupContentCalls {}

import type { Route } from './route.ts';
import { adminRoutes } from './routes-admin.ts';
import { appRoutes } from './routes-app.ts';
import { authRoutes } from './routes-auth.ts';
import { conversationRoutes } from './routes-conversation.ts';
import { deviceRoutes } from './routes-device.ts';
import { fileRoutes } from './routes-file.ts';
import { groupContentRoutes } from './routes-group-content.ts';
import { groupJoinRoutes } from './routes-group-join.ts';
import { groupModerationRoutes } from './routes-group-moderation.ts';
import { groupQrRoutes } from './routes-group-qr.ts';
import { groupSettingsRoutes } from './routes-group-settings.ts';
import { groupRoutes } from './routes-group.ts';
import { mobileRoutes } from './routes-mobile.ts';
import { pushTargetRoutes } from './routes-push-target.ts';
import { pushRoutes } from './routes-push.ts';
import { rosterRoutes } from './routes-roster.ts';
import { userRoutes } from './routes-user.ts';
import { wechatRoutes } from './routes-wechat.ts';

/** The endpoints of one subject. */
export interface RouteGroup {
  readonly name: string;
  readonly about: string;
  readonly routes: readonly Route[];
}

export const ROUTE_GROUPS: readonly RouteGroup[] = [
  { name: 'accounts', about: 'Registration and login.', routes: authRoutes },
  { name: 'users', about: 'Profile, settings and account of the caller.', routes: userRoutes },
  { name: 'devices', about: 'Devices of the caller, and their push tokens.', routes: deviceRoutes },
  {
    name: 'conversations',
    about: 'History, unread counts and marks without a socket, and pinned conversations.',
    routes: conversationRoutes,
  },
  { name: 'push', about: 'What pushes find the caller by.', routes: pushTargetRoutes },
  { name: 'friends', about: 'Friends, applications and the blacklist.', routes: rosterRoutes },
  { name: 'groups', about: 'Life cycle, info and members of groups.', routes: groupRoutes },
  {
    name: 'joining groups',
    about: 'Invitations, applications and QR codes.',
    routes: [...groupJoinRoutes, ...groupQrRoutes],
  },
  { name: 'moderation', about: 'Admins, kicks, bans and the blacklist of groups.', routes: groupModerationRoutes },
  { name: 'group settings', about: 'Fields of the info, and switches.', routes: groupSettingsRoutes },
  { name: 'group content', about: 'Announcements and shared files.', routes: groupContentRoutes },
  { name: 'files', about: 'Uploads and downloads.', routes: fileRoutes },
  { name: 'app', about: 'Support staff, one-time texts, login by QR code.', routes: appRoutes },
  { name: 'mobile numbers', about: 'Captchas, and what users do with their mobile numbers.', routes: mobileRoutes },
  { name: 'WeChat', about: 'WeChat accounts of users.', routes: wechatRoutes },
  {
    name: 'server API',
    about: 'What needs the admin token; `user_id` in a header names the user to act for.',
    routes: [...adminRoutes, ...pushRoutes],
  },
];

/** Every endpoint with a JSON answer, except those that need no app. */
export const ROUTES: readonly Route[] = ROUTE_GROUPS.flatMap(({ routes }) => routes);

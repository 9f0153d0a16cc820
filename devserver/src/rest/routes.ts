import type { Route } from './route.ts';
import { adminRoutes } from './routes-admin.ts';
import { appRoutes } from './routes-app.ts';
import { authRoutes } from './routes-auth.ts';
import { deviceRoutes } from './routes-device.ts';
import { fileRoutes } from './routes-file.ts';
import { groupContentRoutes } from './routes-group-content.ts';
import { groupJoinRoutes } from './routes-group-join.ts';
import { groupModerationRoutes } from './routes-group-moderation.ts';
import { groupQrRoutes } from './routes-group-qr.ts';
import { groupSettingsRoutes } from './routes-group-settings.ts';
import { groupRoutes } from './routes-group.ts';
import { mobileRoutes } from './routes-mobile.ts';
import { pushRoutes } from './routes-push.ts';
import { rosterRoutes } from './routes-roster.ts';
import { userRoutes } from './routes-user.ts';
import { wechatRoutes } from './routes-wechat.ts';

/** Every endpoint with a JSON answer, except those that need no app. */
export const ROUTES: readonly Route[] = [
  ...authRoutes,
  ...userRoutes,
  ...deviceRoutes,
  ...rosterRoutes,
  ...groupRoutes,
  ...groupJoinRoutes,
  ...groupQrRoutes,
  ...groupModerationRoutes,
  ...groupSettingsRoutes,
  ...groupContentRoutes,
  ...fileRoutes,
  ...appRoutes,
  ...mobileRoutes,
  ...wechatRoutes,
  ...adminRoutes,
  ...pushRoutes,
];

import { join } from '../model/groups.ts';
import type { Pictures } from '../ports.ts';
import { DEMO_PASSWORD } from '../seed.ts';
import { PAIR_CONVERSATIONS } from './conversations.ts';
import { GROUP_CONVERSATIONS } from './group-conversations.ts';
import { GROUPS } from './groups.ts';
import type { DemoGroup } from './groups.ts';
import { CROWD, FRIENDSHIPS, PEOPLE } from './people.ts';
import type { Person } from './people.ts';
import { drawFace, drawGroup, drawRobot } from './pictures.ts';
import { Scene } from './scene.ts';
import { readScript } from './script.ts';
import { Stage } from './stage.ts';
import type { StageDeps } from './stage.ts';

const DAY_MS = 24 * 3600 * 1000;
const HOUR_MS = 3600 * 1000;
/** The groups are older than what is said in them. */
const GROUPS_MADE_AGO_MS = 30 * DAY_MS;
const CONSENT = 1;

/** Fills an app with people, groups and a week of messages up to now. The same start makes the same data, but for names of files. */
export function seedShowcase(deps: StageDeps): void {
  const stage = new Stage(deps);
  const start = stage.now;
  addPeople(stage, deps.pictures);
  stage.now = start - GROUPS_MADE_AGO_MS;
  for (const group of GROUPS) addGroup(stage, group, deps.pictures);
  const scenes = [...PAIR_CONVERSATIONS, ...GROUP_CONVERSATIONS].flatMap(({ in: place, lines }) => {
    const scene = new Scene(stage, place);
    return readScript(lines).map(({ agoMs, act }) => ({ agoMs, run: () => act(scene) }));
  });
  const events = [...scenes, ...requests(stage)].sort((a, b) => b.agoMs - a.agoMs);
  for (const { agoMs, run } of events) {
    stage.now = start - agoMs;
    run();
  }
}

function addPeople(stage: Stage, pictures: Pictures): void {
  const { app } = stage;
  for (const { username, nickname, about, face } of PEOPLE) {
    const user = app.users.add(username, DEMO_PASSWORD);
    user.profile = { nick_name: nickname, description: about, avatar: avatarOf(stage, username, face, pictures) };
    if (face === 'robot') user.staff = 'chatbot';
  }
  for (const { username, nickname } of CROWD) app.users.add(username, DEMO_PASSWORD).profile = { nick_name: nickname };
  app.users.byName('alice')!.settings.auth_mode = CONSENT;
  for (const [of, friend, alias] of FRIENDSHIPS) {
    app.roster.befriend(stage.idOf(of), stage.idOf(friend));
    if (alias !== undefined) app.roster.entry(stage.idOf(of), stage.idOf(friend))!.alias = alias;
  }
}

function avatarOf(stage: Stage, username: string, face: Person['face'], pictures: Pictures): string {
  const drawing = face === 'robot' ? drawRobot() : drawFace(face);
  return stage.uploadAvatar(username, `${username}.png`, pictures.encode(drawing));
}

function addGroup(stage: Stage, wanted: DemoGroup, pictures: Pictures): void {
  const { key, name, about, colours, type, owner, admins, members, displayNames = {}, mutedBy = [] } = wanted;
  const { app, now } = stage;
  const avatar = stage.uploadAvatar(owner, `${key}.png`, pictures.encode(drawGroup(...colours)));
  const info = { name, ...(about && { description: about }), avatar };
  const group = app.groups.create({ ownerId: stage.idOf(owner), type, info }, now);
  for (const member of members) join(group, stage.idOf(member), now);
  for (const admin of admins) group.members.get(stage.idOf(admin))!.admin = true;
  for (const [member, display] of Object.entries(displayNames))
    group.members.get(stage.idOf(member))!.displayName = display;
  for (const member of mutedBy) group.members.get(stage.idOf(member))!.msgMuteMode = 1;
  stage.addGroup(key, group);
}

/** What people did besides writing: through REST, so that everybody has the notices of it. */
function requests(stage: Stage): { agoMs: number; run: () => void }[] {
  const group_id = (key: string): number => stage.group(key).id;
  const share = (by: string, key: string, name: string): void => {
    const { url, fLen: size } = stage.upload(by, group_id(key), name).attachment;
    stage.call(by, '/group/file/upload', { body: { group_id: group_id(key), name, size, url, type: 'text' } });
  };
  const publish = (by: string, key: string, title: string, content: string): void =>
    stage.call(by, '/group/announcement/edit', { body: { group_id: group_id(key), title, content } });
  const apply = (by: string, reason: string): void =>
    stage.call(by, '/roster/apply', { body: { user_id: stage.idOf('alice'), reason } });
  return [
    {
      agoMs: 6 * DAY_MS,
      run: () => publish('bob', 'release', 'Open points', 'Search, onboarding texts, release notes.'),
    },
    { agoMs: 5 * DAY_MS, run: () => publish('zhangmin', 'residents', '停水通知', '周三上午 9:00–11:00 停水检修。') },
    { agoMs: 4 * DAY_MS, run: () => share('bob', 'release', 'release-checklist.md') },
    { agoMs: 4 * DAY_MS - HOUR_MS, run: () => share('hanmeimei', 'hiking', 'route.txt') },
    {
      agoMs: 3 * DAY_MS,
      run: () => stage.call('alice', '/roster/block', { query: { user_id: stage.idOf('lucky_prize') } }),
    },
    { agoMs: 30 * HOUR_MS, run: () => apply('carol', 'Carol from QA 🙂') },
    { agoMs: 22 * HOUR_MS, run: () => apply('sofia', 'We met at the hike!') },
    { agoMs: 3 * HOUR_MS, run: () => apply('wangwei', '我是王伟，工作群里的') },
    {
      agoMs: 8 * HOUR_MS,
      run: () =>
        stage.call('noah', '/group/apply', { body: { group_id: group_id('hiking'), reason: 'I like mountains.' } }),
    },
    {
      agoMs: 2 * HOUR_MS,
      run: () => publish('bob', 'release', '今晚 22:00 发版', '值班：王伟、Bob。有问题在群里说。'),
    },
  ];
}

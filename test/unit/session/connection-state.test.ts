import { describe, expect, test } from 'vitest';
import { FlooError } from '../../../src/errors.ts';
import { step } from '../../../src/session/connection-state.ts';
import type { ConnectionEvent, ConnectionState } from '../../../src/session/connection-state.ts';

const CAUSE = new FlooError('ServerConnectFailed', 'new');
const OLD = new FlooError('ServerTimeOut', 'old');

const STATES = {
  idle: { name: 'idle' },
  'resolving eager': { name: 'resolving', attempt: 2, eager: true },
  'resolving patient': { name: 'resolving', attempt: 2, eager: false },
  'connecting eager': { name: 'connecting', attempt: 2, eager: true },
  'connecting patient': { name: 'connecting', attempt: 2, eager: false },
  'authenticating eager': { name: 'authenticating', attempt: 2, eager: true },
  'authenticating patient': { name: 'authenticating', attempt: 2, eager: false },
  online: { name: 'online', attempt: 2 },
  waiting: { name: 'waiting', attempt: 2, cause: OLD },
  rejected: { name: 'rejected', cause: OLD },
  closed: { name: 'closed' },
} as const satisfies Record<string, ConnectionState>;
type StateName = keyof typeof STATES;

const EVENTS = {
  'start eager': { type: 'start', eager: true },
  'start patient': { type: 'start', eager: false },
  resolved: { type: 'resolved' },
  opened: { type: 'opened' },
  accepted: { type: 'accepted' },
  'failed, another host': { type: 'failed', cause: CAUSE, anotherHost: true },
  'failed, last host': { type: 'failed', cause: CAUSE, anotherHost: false },
  proved: { type: 'proved' },
  retry: { type: 'retry' },
  network: { type: 'network' },
  freeze: { type: 'freeze', cause: CAUSE },
  'caught up': { type: 'caughtUp' },
  end: { type: 'end', cause: CAUSE },
  stop: { type: 'stop' },
} as const satisfies Record<string, ConnectionEvent>;
type EventName = keyof typeof EVENTS;

/** What each event does in each state: `state, attempt, eagerness, cause`. An event not named changes nothing. */
const TABLE: Record<StateName, { [event in EventName]?: string }> = {
  idle: {
    'start eager': 'resolving 0 eager',
    'start patient': 'resolving 0 patient',
    end: 'rejected new',
    stop: 'closed',
  },
  'resolving eager': {
    'start eager': 'resolving 0 eager',
    'start patient': 'resolving 0 patient',
    resolved: 'connecting 2 eager',
    'failed, another host': 'connecting 2 eager',
    'failed, last host': 'rejected new',
    end: 'rejected new',
    stop: 'closed',
  },
  'resolving patient': {
    'start eager': 'resolving 0 eager',
    'start patient': 'resolving 0 patient',
    resolved: 'connecting 2 patient',
    'failed, another host': 'waiting 3 new',
    'failed, last host': 'waiting 3 new',
    freeze: 'waiting 2 new',
    end: 'rejected new',
    stop: 'closed',
  },
  'connecting eager': {
    'start eager': 'resolving 0 eager',
    'start patient': 'resolving 0 patient',
    network: 'resolving 2 eager',
    opened: 'authenticating 2 eager',
    'failed, another host': 'connecting 2 eager',
    'failed, last host': 'rejected new',
    end: 'rejected new',
    stop: 'closed',
  },
  'connecting patient': {
    'start eager': 'resolving 0 eager',
    'start patient': 'resolving 0 patient',
    network: 'resolving 2 patient',
    opened: 'authenticating 2 patient',
    'failed, another host': 'waiting 3 new',
    'failed, last host': 'waiting 3 new',
    freeze: 'waiting 2 new',
    end: 'rejected new',
    stop: 'closed',
  },
  'authenticating eager': {
    'start eager': 'resolving 0 eager',
    'start patient': 'resolving 0 patient',
    network: 'resolving 2 eager',
    accepted: 'online 2',
    'failed, another host': 'connecting 2 eager',
    'failed, last host': 'rejected new',
    end: 'rejected new',
    stop: 'closed',
  },
  'authenticating patient': {
    'start eager': 'resolving 0 eager',
    'start patient': 'resolving 0 patient',
    network: 'resolving 2 patient',
    accepted: 'online 2',
    'failed, another host': 'waiting 3 new',
    'failed, last host': 'waiting 3 new',
    freeze: 'waiting 2 new',
    end: 'rejected new',
    stop: 'closed',
  },
  online: {
    'start eager': 'resolving 0 eager',
    'start patient': 'resolving 0 patient',
    'failed, another host': 'waiting 3 new',
    'failed, last host': 'waiting 3 new',
    proved: 'online 0',
    'caught up': 'online 2 caught up',
    freeze: 'waiting 2 new',
    end: 'rejected new',
    stop: 'closed',
  },
  waiting: {
    'start eager': 'resolving 0 eager',
    'start patient': 'resolving 0 patient',
    retry: 'resolving 2 patient',
    end: 'rejected new',
    stop: 'closed',
  },
  rejected: {
    'start eager': 'resolving 0 eager',
    'start patient': 'resolving 0 patient',
    end: 'rejected new',
    stop: 'closed',
  },
  closed: {
    'start eager': 'resolving 0 eager',
    'start patient': 'resolving 0 patient',
    end: 'rejected new',
    stop: 'closed',
  },
};

function show(state: ConnectionState): string {
  const { name, attempt, eager, cause, isCaughtUp } = state as {
    name: string;
    attempt?: number;
    eager?: boolean;
    cause?: FlooError;
    isCaughtUp?: true;
  };
  const words = [name, attempt, eager === undefined ? undefined : eager ? 'eager' : 'patient', cause?.rawMessage];
  if (isCaughtUp) words.push('caught up');
  return words.filter((word) => word !== undefined).join(' ');
}

describe.each(Object.keys(TABLE) as StateName[])('%s', (stateName) => {
  const state: ConnectionState = STATES[stateName];

  test.each(Object.keys(EVENTS) as EventName[])('%s', (eventName) => {
    const before = JSON.stringify(state);
    const next = step(state, EVENTS[eventName]);
    const expected = TABLE[stateName][eventName];
    if (expected !== undefined) expect(show(next)).toBe(expected);
    else expect(next).toBe(state);
    expect(JSON.stringify(state)).toBe(before);
  });
});

/** Follows events from idle; the last state. */
function follow(...events: EventName[]): ConnectionState {
  let state: ConnectionState = STATES.idle;
  for (const event of events) state = step(state, EVENTS[event]);
  return state;
}

describe('a life', () => {
  test('goes online along the top row of the diagram', () => {
    expect(show(follow('start eager', 'resolved', 'opened', 'accepted'))).toBe('online 0');
  });

  test('an eager login tries host after host without waiting and ends with the cause', () => {
    const tried = ['start eager', 'resolved', 'failed, another host', 'opened', 'failed, another host'] as const;
    expect(show(follow(...tried))).toBe('connecting 0 eager');
    expect(show(follow(...tried, 'failed, last host'))).toBe('rejected new');
  });

  test('after it was online, an eager login waits too when the socket is lost', () => {
    const online = ['start eager', 'resolved', 'opened', 'accepted'] as const;
    expect(show(follow(...online, 'failed, another host'))).toBe('waiting 1 new');
    expect(show(follow(...online, 'failed, another host', 'retry'))).toBe('resolving 1 patient');
  });

  test('failures add up until the client has caught up, and not only until it is online', () => {
    const lostTwice = [
      ...['start patient', 'resolved', 'opened', 'accepted', 'failed, last host'],
      ...['retry', 'resolved', 'opened', 'accepted'],
    ] as EventName[];
    expect(show(follow(...lostTwice, 'failed, last host'))).toBe('waiting 2 new');
    expect(show(follow(...lostTwice, 'proved', 'failed, last host'))).toBe('waiting 1 new');
  });

  test('a login during the wait resets the count of failures', () => {
    expect(show(follow('start patient', 'failed, last host', 'start eager', 'resolved'))).toBe('connecting 0 eager');
  });
});

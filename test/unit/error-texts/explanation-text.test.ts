import { expect, test } from 'vitest';
import type { ConnectionReason } from '../../../src/chronicle/connection-status.ts';
import type { Explanation, WaitingReason } from '../../../src/chronicle/explanation.ts';
import type { Step, StepCode } from '../../../src/chronicle/step.ts';
import { HISTORY_EN } from '../../../src/error-texts/history-en.ts';
import { HISTORY_ZH } from '../../../src/error-texts/history-zh.ts';
import { explanationText, stateText, stepText, waitingText } from '../../../src/error-texts/index.ts';
import { wrongly } from '../../support/fakes.ts';

/** A value for every detail of any step. */
const DETAILS = {
  ...{ host: 'https://a.example', from: 'https://a.example', to: 'https://b.example', service: 'ratel', how: 'silent' },
  ...{ reason: 'ServerTimeOut', cause: 'online', isLogin: false, hasFallback: true, isOnDisk: false },
  ...{ ms: 1250, withinMs: 400, delayMs: 3000, attempt: 2, hosts: 3, conversations: 1, items: 2, messages: 2 },
  ...{ rows: 1, records: 2 },
};
const keys = <Key extends string>(of: Readonly<Record<Key, unknown>>): Key[] => Object.keys(of) as Key[];
const codes: StepCode[] = keys(HISTORY_EN.steps);
const stepOf = (code: StepCode): Step => wrongly({ at: 0, code, details: DETAILS });

const ZH = /^(?=.*\p{Script=Han}).+。$/u;
const EN = /^[A-Z\d][\x20-\x7e]+\.$/;

test('every step, every state and every wait has a sentence in both languages, with nothing left open', () => {
  expect(codes.length).toBeGreaterThan(40);
  expect(keys(HISTORY_ZH.steps).sort()).toEqual([...codes].sort());
  for (const code of codes) {
    expect(stepText(stepOf(code), 'zh'), code).toMatch(ZH);
    // A host comes first in the sentence of a refusal.
    expect(stepText(stepOf(code), 'en').replace(/^https/, 'H'), code).toMatch(EN);
    for (const language of ['zh', 'en'] as const)
      expect(stepText(stepOf(code), language), code).not.toMatch(/undefined|NaN|\[object/);
  }
  for (const reason of keys<ConnectionReason>(HISTORY_EN.states)) {
    expect(stateText({ reason }, 'zh'), reason).toMatch(ZH);
    expect(stateText({ reason }, 'en'), reason).toMatch(EN);
  }
  for (const reason of keys<WaitingReason>(HISTORY_EN.waiting)) {
    expect(waitingText({ reason }, 'zh'), reason).toMatch(ZH);
    expect(waitingText({ reason }, 'en'), reason).toMatch(EN);
  }
});

test('the details of a step are in its sentence', () => {
  const step: Step = { at: 0, code: 'waiting', details: { delayMs: 4520, attempt: 1, reason: 'ServerConnectFailed' } };
  expect(stepText(step, 'en')).toBe('Waiting 4.5 s before the next try, after 1 failure: ServerConnectFailed.');
  expect(stepText({ ...step, times: 3 }, 'zh')).toBe('已失败 1 次，等待 4.5 秒后重试：ServerConnectFailed。 （3 次）');
});

test('an explanation is a text of lines', () => {
  const explanation: Explanation = {
    at: 86_401_500,
    state: { state: 'waiting', reason: 'noNetwork', since: 0 },
    steps: [{ at: 86_400_000, code: 'offline' }],
    waiting: [{ reason: 'sendsWithoutConnection', count: 2 }],
    storage: { kept: 'none', records: { conversations: 0, messages: 0, users: 0, groups: 0, outbox: 0 } },
    hosts: {},
    versions: { sdk: '0', database: 1, transport: 'raw' },
  };
  expect(explanationText(explanation, 'en').split('\n')).toEqual([
    'State: This device has no network.',
    'Waiting: 2 × Messages wait for a connection.',
    'Steps:',
    '-1.5 s: The device has no network.',
  ]);
});

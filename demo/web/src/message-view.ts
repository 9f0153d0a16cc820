import { el } from './dom.ts';
import { dayName, timeOfDay } from './format.ts';
import type { Line, Tick } from './timeline.ts';

export interface LineLook {
  /** Name of the sender; in groups only, over the first of a run. */
  sender: string | undefined;
  nowMs: number;
  onRetry(mid: number): void;
}

const TICKS: { readonly [tick in Tick]: readonly [sign: string, label: string] } = {
  sending: ['…', 'Sending'],
  sent: ['✓', 'Sent'],
  read: ['✓✓', 'Read'],
  failed: ['!', 'Not sent'],
};

export function buildLine(line: Line, { sender, nowMs, onRetry }: LineLook): HTMLElement {
  if (line.kind === 'day') return el('li', { class: 'day' }, dayName(line.timestampMs, nowMs));
  const { message, own, tick, failure, first } = line;
  const timestampMs = Number(message.timestamp);
  const isText = message.type === 'text';
  const classes = ['message', own ? 'own' : 'other', first && 'first', tick === 'failed' && 'failed'].filter(Boolean);
  return el(
    'li',
    { class: classes.join(' '), 'data-key': line.key },
    sender !== undefined && el('span', { class: 'sender' }, sender),
    el(
      'div',
      { class: 'bubble' },
      el('span', { class: isText ? 'text' : 'text kind' }, isText ? message.content : `[${message.type ?? 'unknown'}]`),
      el(
        'span',
        { class: 'meta' },
        el('time', { datetime: new Date(timestampMs).toISOString() }, timeOfDay(timestampMs)),
        tick !== undefined && buildTick(tick),
      ),
    ),
    failure !== undefined &&
      el(
        'p',
        { class: 'failure' },
        `Not sent: ${failure} `,
        el('button', { type: 'button', onclick: () => onRetry(Number(message.id)) }, 'Try again'),
      ),
  );
}

function buildTick(tick: Tick): HTMLElement {
  const [sign, label] = TICKS[tick];
  return el('span', { class: `tick ${tick}`, role: 'img', 'aria-label': label, title: label }, sign);
}

import type { Message } from 'flooim';
import { el } from './dom.ts';
import { dayName, timeOfDay } from './format.ts';
import { icon } from './icons.ts';
import { placeOf } from './media/attachment.ts';
import type { PlaceAttachment } from './media/attachment.ts';
import type { Line, Tick } from './timeline.ts';

export interface LineLook {
  /** The sender's name above the first of several messages; in groups only. */
  sender: { name: string; avatar: HTMLElement } | undefined;
  nowMs: number;
  /** The message's file. */
  attachment: HTMLElement | undefined;
  /** What the message says about a call. */
  call: string | undefined;
  onRetry(mid: number): void;
  onDiscard(mid: number): void;
}

const TICKS: { readonly [tick in Tick]: readonly [sign: string, label: string] } = {
  sending: ['…', 'Sending'],
  sent: ['✓', 'Sent'],
  read: ['✓✓', 'Read'],
  failed: ['!', 'Not sent'],
};

export function buildLine(line: Line, look: LineLook): HTMLElement {
  if (line.kind === 'day') return el('li', { class: 'day' }, dayName(line.timestampMs, look.nowMs));
  const { message, own, tick, failure, first } = line;
  const { sender, attachment, call, onRetry, onDiscard } = look;
  const timestampMs = Number(message.timestamp);
  const mid = Number(message.id);
  const classes = ['message', own ? 'own' : 'other', first && 'first', tick === 'failed' && 'failed'].filter(Boolean);
  return el(
    'li',
    { class: classes.join(' '), 'data-key': line.key },
    sender?.avatar,
    sender && el('span', { class: 'sender' }, sender.name),
    el(
      'div',
      { class: attachment ? `bubble has-${message.type ?? 'file'}` : 'bubble' },
      ...(attachment
        ? [attachment, !!message.content && el('span', { class: 'text' }, message.content)]
        : [call === undefined ? buildText(message) : el('span', { class: 'text kind' }, call)]),
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
        el(
          'span',
          { class: 'remedies' },
          el('button', { type: 'button', onclick: () => onRetry(mid) }, 'Try again'),
          ' ',
          el('button', { type: 'button', onclick: () => onDiscard(mid) }, 'Delete'),
        ),
      ),
  );
}

function buildText(message: Message): HTMLElement {
  if (message.type === 'text') return el('span', { class: 'text' }, message.content);
  const place = placeOf(message);
  return place ? buildPlace(place) : el('span', { class: 'text kind' }, `[${message.type ?? 'unknown'}]`);
}

function buildPlace({ lat, lon, address }: PlaceAttachment): HTMLElement {
  const map = new URL('https://www.openstreetmap.org/');
  map.search = new URLSearchParams({ mlat: String(lat), mlon: String(lon) }).toString();
  map.hash = `map=16/${lat}/${lon}`;
  return el(
    'a',
    { class: 'place', href: map.href, target: '_blank', rel: 'noopener noreferrer' },
    icon('pin'),
    el('span', {}, address || `${lat.toFixed(5)}, ${lon.toFixed(5)}`),
  );
}

function buildTick(tick: Tick): HTMLElement {
  const [sign, label] = TICKS[tick];
  return el('span', { class: `tick ${tick}`, role: 'img', 'aria-label': label, title: label }, sign);
}

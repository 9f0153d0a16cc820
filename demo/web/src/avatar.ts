import { el } from './dom.ts';
import { buildRemoteImage } from './media/remote-image.ts';
import type { Names } from './names.ts';
import { keyOf } from './target.ts';
import type { Target } from './target.ts';

const HUES = [12, 38, 90, 160, 190, 215, 262, 320];

/** The picture of a user or group; under it, and where there is none, a coloured disc with the first letter. */
export function avatar(names: Names, target: Target): HTMLElement {
  const { type, id } = target;
  const name = names.of(target);
  // The dev server's ids are 16 apart; its groups count from the start again.
  const hue = HUES[(Math.floor(Number(id) / 16) + (type === 'group' ? 3 : 0)) % HUES.length]!;
  const element = el(
    'span',
    { class: `avatar ${type}`, 'aria-hidden': 'true', 'data-of': keyOf(target) },
    String.fromCodePoint(name.codePointAt(0) ?? 0x3f).toUpperCase(),
  );
  element.style.setProperty('--hue', String(hue));
  if (names.picture(target)) element.append(buildRemoteImage('', () => names.picture(target)));
  return element;
}

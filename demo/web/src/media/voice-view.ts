import { el } from '../dom.ts';
import { playTime } from '../format.ts';
import { icon } from '../icons.ts';
import type { AttachmentDeps, AttachmentView } from './attachment-view.ts';
import { buildUploadMeter } from './meter.ts';

/** A voice message, or any sound: a play button, a position slider and the time. */
export function buildVoiceView(name: string, deps: AttachmentDeps): AttachmentView {
  const { im, local, onCancel, onPlay } = deps;
  const meter = buildUploadMeter(name, onCancel);
  const audio = new Audio();
  audio.preload = 'none';
  const button = el('button', { type: 'button', class: 'play-button', onclick: () => toggle() });
  const place = el('input', { type: 'range', min: 0, max: 1, step: 0.01, 'aria-label': `Position in ${name}` });
  const time = el('span', { class: 'play-time' });
  const problem = el(
    'p',
    { class: 'problem', role: 'alert', hidden: true },
    'It cannot be played: it is not to be had, or no sound that this browser knows.',
  );
  const element = el('div', { class: 'voice' }, button, place, time, meter.element, problem);
  let source = local;
  let durationS = 0;

  // A recording made by a page does not contain its length.
  const length = (): number => (Number.isFinite(audio.duration) ? audio.duration : durationS);
  function draw(): void {
    const at = audio.ended ? 0 : audio.currentTime;
    place.value = String(length() > 0 ? at / length() : 0);
    place.disabled = !source || length() === 0;
    time.textContent = playTime(at > 0 || length() === 0 ? at : length());
    const label = `${audio.paused ? 'Play' : 'Pause'} ${name}`;
    if (button.getAttribute('aria-label') === label) return;
    button.setAttribute('aria-label', label);
    button.replaceChildren(icon(audio.paused ? 'play' : 'pause'));
  }
  function toggle(): void {
    if (!audio.paused) return audio.pause();
    if (!source) return;
    if (!audio.src || audio.error) audio.src = source;
    problem.hidden = true;
    onPlay();
    audio.play().catch((error: unknown) => {
      // A pause before the first sound is not a failure.
      if ((error as DOMException).name === 'AbortError') return;
      audio.pause();
      problem.hidden = false;
    });
  }
  place.addEventListener('input', () => {
    if (!audio.src) audio.src = source!;
    audio.currentTime = Number(place.value) * length();
    draw();
  });
  for (const event of ['play', 'pause', 'ended', 'timeupdate', 'durationchange']) audio.addEventListener(event, draw);
  draw();
  return {
    element,
    show({ file, percent }) {
      meter.show(percent);
      durationS = file.durationS ?? 0;
      source = local ?? (file.url && im.sysManage.getAudio({ url: file.url }));
      button.disabled = !source;
      draw();
    },
    showProgress: (percent) => meter.show(percent),
    pause: () => audio.pause(),
    close: () => audio.pause(),
  };
}

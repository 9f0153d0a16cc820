import type { FlooClient } from 'flooim';
import { el } from '../dom.ts';
import { dayName, timeOfDay } from '../format.ts';
import { icon } from '../icons.ts';
import type { Names } from '../names.ts';
import type { Outgoing } from '../outgoing.ts';
import type { Line } from '../timeline.ts';
import { fileOf } from './attachment.ts';
import { DownloadButton } from './download-button.ts';
import { buildRemoteImage } from './picture.ts';

const SWIPE_PX = 50;

export interface ViewerImage {
  key: string;
  name: string;
  /** The sender and the time. */
  caption: string;
  /** URL to show. */
  source: string;
  /** URL to download; `''` until it is uploaded. */
  url: string;
}

export interface ImageViewerDeps {
  im: FlooClient;
  /** The images of the chat as they are now, oldest first. */
  images(): ViewerImage[];
}

/**
 * Shows an image large, above the page. Arrow keys and swipes go to other images, Home and End to the first and last.
 * Escape closes the viewer and gives the focus back.
 */
export function showImageViewer({ im, images }: ImageViewerDeps, key: string): HTMLDialogElement {
  let shown = images().find((image) => image.key === key)!;
  let download: DownloadButton | undefined;
  let touchedAtX = 0;
  const name = el('strong', { class: 'file-name' });
  const caption = el('span', { class: 'hint' });
  const count = el('span', { class: 'hint', role: 'status' });
  const downloadPlace = el('span');
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  const figure = el('figure', {
    ontouchstart: ({ changedTouches: [touch] }: TouchEvent) => (touchedAtX = touch!.clientX),
    ontouchend: ({ changedTouches: [touch] }: TouchEvent) => {
      const movedPx = touch!.clientX - touchedAtX;
      if (Math.abs(movedPx) > SWIPE_PX) go(movedPx < 0 ? 1 : -1);
    },
    onclick: (event: Event) => event.target === figure && dialog.close(),
  });
  const previous = button('previous', 'Previous image', () => go(-1));
  const next = button('next', 'Next image', () => go(1));
  const close = button('close', 'Close', () => dialog.close());
  const dialog = el(
    'dialog',
    {
      class: 'viewer',
      'aria-label': 'Images',
      onkeydown: (event: KeyboardEvent) => {
        const steps = STEPS[event.key];
        if (steps === undefined) return;
        event.preventDefault();
        go(steps);
      },
      onclose: () => {
        download?.cancel();
        dialog.remove();
      },
    },
    el('header', {}, el('span', { class: 'file-text' }, name, caption), count, downloadPlace, close),
    problem,
    previous,
    figure,
    next,
  );
  show(shown);
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
  return dialog;

  function go(steps: number): void {
    const all = images();
    const at = Math.max(
      0,
      all.findIndex((image) => image.key === shown.key),
    );
    const to = all[Math.min(all.length - 1, Math.max(0, at + steps))];
    if (to && to.key !== shown.key) show(to);
  }

  function show(image: ViewerImage): void {
    shown = image;
    const all = images();
    const at = all.findIndex((one) => one.key === image.key);
    name.textContent = image.name;
    caption.textContent = image.caption;
    count.textContent = `${at + 1} of ${all.length}`;
    problem.hidden = true;
    // A disabled button would lose the focus.
    previous.setAttribute('aria-disabled', String(at <= 0));
    next.setAttribute('aria-disabled', String(at >= all.length - 1));
    const picture = buildRemoteImage(image.name, () => image.source);
    figure.setAttribute('aria-busy', 'true');
    picture.addEventListener('load', () => figure.removeAttribute('aria-busy'));
    picture.addEventListener('error', () => {
      figure.removeAttribute('aria-busy');
      showProblem('The image cannot be shown: it is not to be had, or no image that this browser knows.');
    });
    figure.replaceChildren(picture);
    download?.cancel();
    download = image.url
      ? new DownloadButton({ im, name: image.name, url: () => image.url, onProblem: showProblem })
      : undefined;
    downloadPlace.replaceChildren(...(download ? [download.element] : []));
  }

  function showProblem(text: string): void {
    problem.textContent = text;
    problem.hidden = !text;
  }
}

const STEPS: { readonly [key: string]: number } = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

const button = (name: 'previous' | 'next' | 'close', label: string, onclick: () => void): HTMLButtonElement =>
  el(
    'button',
    { type: 'button', class: `icon-button ${name}`, 'aria-label': label, title: label, onclick },
    icon(name),
  );

const ORIGINAL = { image_type: 1 };

/** The images of a chat that can be shown. */
export function imagesOf(
  lines: readonly Line[],
  { im, names, outgoing }: { im: FlooClient; names: Names; outgoing: Outgoing },
): ViewerImage[] {
  return lines.flatMap((line) => {
    const file = line.kind === 'message' ? fileOf(line.message) : undefined;
    if (line.kind !== 'message' || file?.kind !== 'image') return [];
    const { key, message, preview } = line;
    const source = outgoing.localUrl(key) ?? (im.sysManage.getChatFile({ url: file.url, params: ORIGINAL }) || preview);
    const sentAtMs = Number(message.timestamp);
    const caption = `${names.user(message.from)}, ${dayName(sentAtMs, Date.now())} ${timeOfDay(sentAtMs)}`;
    return source ? [{ key, name: file.name, caption, source, url: file.url }] : [];
  });
}

import { el } from '../dom.ts';

/**
 * An image that may fail to load, for example without a connection. It is then marked as failed, and {@link
 * retryImages} loads it again.
 *
 * @param source gives the URL, at every try
 */
export function buildRemoteImage(alt: string, source: () => string): HTMLImageElement {
  const image = el('img', { alt, draggable: 'false', decoding: 'async' });
  const load = (): void => {
    delete image.dataset['failed'];
    image.src = source();
  };
  image.addEventListener('error', () => (image.dataset['failed'] = ''));
  image.addEventListener('retry', load);
  load();
  return image;
}

export function retryImages(root: ParentNode): void {
  for (const image of root.querySelectorAll('img[data-failed]')) image.dispatchEvent(new Event('retry'));
}

const LONGEST_SIDE_PX = 320;
const SHORTEST_SIDE_PX = 96;
/** A picture with steeper sides is cropped in the chat; the viewer shows all of it. */
const STEEPEST_RATIO = 2.5;

/** Gives a box the size of its picture before the picture has loaded. */
export function fitPictureBox(box: HTMLElement, width: number | undefined, height: number | undefined): void {
  if (!width || !height) return;
  const ratio = Math.min(STEEPEST_RATIO, Math.max(1 / STEEPEST_RATIO, width / height));
  const widest = Math.min(LONGEST_SIDE_PX, LONGEST_SIDE_PX * ratio);
  box.style.setProperty('--ratio', String(ratio));
  box.style.setProperty('--width', `${Math.round(Math.max(SHORTEST_SIDE_PX, Math.min(width, widest)))}px`);
}

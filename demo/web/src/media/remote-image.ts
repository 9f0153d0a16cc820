import { el } from '../dom.ts';

/**
 * An image that may not be there yet: without a connection, say. It is marked as failed then, and tried again by
 * {@link retryImages}. @param source its URL, asked for at every try.
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

import { el } from '../dom.ts';
import type { AttachmentDeps, AttachmentView } from './attachment-view.ts';
import { FileCard } from './file-card.ts';
import { fitPictureBox } from './picture.ts';
import { buildUploadMeter } from './meter.ts';

const COVER = { image_type: 3 };

/** A video with the browser's own controls, or a file if the browser cannot play it. */
export function buildVideoView(name: string, deps: AttachmentDeps): AttachmentView {
  const { im, local, onCancel, onPlay } = deps;
  const meter = buildUploadMeter(name, onCancel);
  const video = el('video', { controls: true, playsinline: true, preload: 'none', 'aria-label': `Video ${name}` });
  const card = new FileCard({ im, name, detail: 'cannot be played here' });
  card.element.hidden = true;
  const element = el('div', { class: 'picture video' }, video, card.element, meter.element);
  video.addEventListener('play', () => onPlay());
  video.addEventListener('loadedmetadata', () => fitPictureBox(element, video.videoWidth, video.videoHeight));
  video.addEventListener('error', () => {
    video.hidden = true;
    card.element.hidden = false;
    element.classList.remove('picture');
  });
  if (local) {
    // Shows the first frame. The file is local, so this costs nothing.
    video.preload = 'metadata';
    video.src = local;
  }
  return {
    element,
    show({ file, percent, preview }) {
      const { url, width, height } = file;
      meter.show(percent);
      card.show(file);
      fitPictureBox(element, width, height);
      if (local) return;
      if (preview) video.poster = preview;
      if (!url || video.src) return;
      video.poster ||= im.sysManage.getChatFile({ url, params: COVER });
      video.src = im.sysManage.getChatFile({ url });
    },
    showProgress: (percent) => meter.show(percent),
    pause: () => video.pause(),
    close: () => {
      video.pause();
      card.close();
    },
  };
}

import { el } from '../dom.ts';
import type { AttachmentDeps, AttachmentView } from './attachment-view.ts';
import { buildUploadMeter } from './meter.ts';
import { buildRemoteImage, fitPictureBox } from './picture.ts';

const THUMBNAIL = { image_type: 2 };

/** A small picture that a click shows large. */
export function buildImageView(name: string, deps: AttachmentDeps): AttachmentView {
  const { im, local, onOpen, onCancel } = deps;
  const meter = buildUploadMeter(name, onCancel);
  const button = el(
    'button',
    { type: 'button', class: 'picture-open', title: name, onclick: () => image && onOpen() },
    el('span', { class: 'hint' }, name),
  );
  const element = el('div', { class: 'picture' }, button, meter.element);
  let image: HTMLImageElement | undefined;
  let url = '';
  return {
    element,
    show({ file, percent, preview }) {
      const { width, height } = file;
      url = file.url;
      meter.show(percent);
      fitPictureBox(element, width, height);
      const source = local ?? preview;
      if (image || (!source && !url)) return;
      image = buildRemoteImage(name, () => source ?? im.sysManage.getChatFile({ url, params: THUMBNAIL }));
      if (!width || !height)
        image.addEventListener('load', () => fitPictureBox(element, image!.naturalWidth, image!.naturalHeight));
      button.replaceChildren(image);
    },
    showProgress: (percent) => meter.show(percent),
  };
}

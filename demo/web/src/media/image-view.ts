import { el } from '../dom.ts';
import type { FileAttachment } from './attachment.ts';
import type { AttachmentDeps, AttachmentView } from './attachment-view.ts';
import { buildUploadMeter } from './upload-meter.ts';
import { fitPictureBox } from './picture-box.ts';
import { buildRemoteImage } from './remote-image.ts';

const THUMBNAIL = { image_type: 2 };

/** A small picture; a click shows it large. */
export function buildImageView({ name, width, height }: FileAttachment, deps: AttachmentDeps): AttachmentView {
  const { im, local, onOpen, onCancel } = deps;
  const meter = buildUploadMeter(name, onCancel);
  const button = el('button', { type: 'button', class: 'picture-open', title: name, onclick: () => onOpen() });
  const element = el('div', { class: 'picture' }, button, meter.element);
  fitPictureBox(element, width, height);
  let image: HTMLImageElement | undefined;
  let current = '';
  return {
    element,
    show(url, percent) {
      current = url;
      meter.show(percent);
      if (image || !(local || url)) return;
      image = buildRemoteImage(name, () => local ?? im.sysManage.getChatFile({ url: current, params: THUMBNAIL }));
      if (!width || !height)
        image.addEventListener('load', () => fitPictureBox(element, image!.naturalWidth, image!.naturalHeight));
      button.append(image);
    },
    showProgress: (percent) => meter.show(percent),
  };
}

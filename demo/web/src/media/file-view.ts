import { el } from '../dom.ts';
import type { FileAttachment } from './attachment.ts';
import type { AttachmentDeps, AttachmentView } from './attachment-view.ts';
import { FileCard } from './file-card.ts';
import { buildUploadMeter } from './upload-meter.ts';

export function buildFileView({ name, sizeBytes }: FileAttachment, deps: AttachmentDeps): AttachmentView {
  const { im, onCancel } = deps;
  const meter = buildUploadMeter(name, onCancel);
  const card = new FileCard({ im, name, sizeBytes, url: '', actions: [meter.element] });
  return {
    element: el('div', { class: 'file' }, card.element),
    show(url, percent) {
      meter.show(percent);
      card.setUrl(url);
    },
    showProgress: (percent) => meter.show(percent),
    close: () => card.close(),
  };
}

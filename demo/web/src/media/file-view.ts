import { el } from '../dom.ts';
import type { AttachmentDeps, AttachmentView } from './attachment-view.ts';
import { FileCard } from './file-card.ts';
import { buildUploadMeter } from './upload-meter.ts';

export function buildFileView(name: string, deps: AttachmentDeps): AttachmentView {
  const { im, onCancel } = deps;
  const meter = buildUploadMeter(name, onCancel);
  const card = new FileCard({ im, name, actions: [meter.element] });
  return {
    element: el('div', { class: 'file' }, card.element),
    show({ file, percent }) {
      meter.show(percent);
      card.show(file);
    },
    showProgress: (percent) => meter.show(percent),
    close: () => card.close(),
  };
}

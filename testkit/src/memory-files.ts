import type { Faults } from '../../devserver/src/faults.ts';
import type { RestServer } from '../../devserver/src/rest/rest-server.ts';
import type { FileBody, FileTransfer, Transfer, UploadRequest } from '../../src/platform/ports.ts';
import { blobs } from '../../src/platform/web-api/files.ts';
import { failure } from '../../src/platform/web-api/http.ts';
import type { Line } from './line.ts';
import type { MemoryHttp } from './memory-http.ts';
import type { Direction, Network } from './network.ts';

export interface FileSetup {
  readonly line: Line;
  readonly rest: RestServer;
  readonly http: MemoryHttp;
  readonly faults: Faults;
  /** The network that the device has now. */
  network(): Network;
}

/** Bytes between two reports of progress, at most. */
const STEP_BYTES = 16 * 1024;
/** How often a second a slow transfer reports its progress. */
const STEPS_A_SECOND = 10;

/** Uploads and downloads in memory. A download starts again from the beginning. */
export function createMemoryFiles({ line, rest, http, faults, network }: FileSetup): FileTransfer {
  const { clock, traffic } = line;

  /** Moves bytes at the speed of the network and that which the test set, up to where a fault cuts them. */
  const move = async ({ direction, size, cutAt, onProgress }: Move, end: End): Promise<void> => {
    const on = network();
    const { bytesPerSecond = Infinity } = faults.transfers;
    const speed = Math.min(bytesPerSecond, on.quality.bytesPerSecond ?? Infinity);
    const stepBytes = Math.min(STEP_BYTES, Math.max(1, Math.ceil(speed / STEPS_A_SECOND)));
    for (let moved = 0; moved < size;) {
      const step = Math.min(stepBytes, size - moved);
      const waitMs = Math.max(on.leave(direction, step), (step / bytesPerSecond) * 1000);
      if (waitMs > 0) await new Promise<void>((resolve) => void clock.setTimeout(resolve, waitMs));
      if (end.isCanceled) throw canceled();
      if (on.isSilent(direction)) await new Promise<never>(() => undefined);
      moved += step;
      if (moved > cutAt) throw failure('unreachable', 'cut on the way');
      onProgress(moved);
    }
  };
  const upload = async (
    request: UploadRequest,
    onProgress: (sent: number, size: number) => void,
    end: End,
  ): Promise<Answer> => {
    const { url, method, fields, file, name } = request;
    const bytes = await traffic.during(async () => new Uint8Array(await file.slice(0, file.size).arrayBuffer()));
    const cutAt = faults.takeTransfer('up')?.afterBytes ?? Infinity;
    const { length: size } = bytes;
    await move({ direction: 'up', size, cutAt, onProgress: (sent) => onProgress(sent, size) }, end);
    const handled = await http.exchange(url, 0, async (plain) =>
      rest.upload({ ...plain, method, body: '' }, async () => ({
        fields,
        file: { name: method === 'PUT' ? '' : name, contentType: file.type, bytes },
      })),
    );
    if (!handled) throw failure('unreachable', 'no answer');
    return { status: handled.status, body: typeof handled.body === 'string' ? handled.body : '' };
  };
  const download: FileTransfer['download'] = ({ url }, onProgress) =>
    cancelable(async (end) => {
      const handled = await http.exchange(url, 0, async (plain) => rest.answer({ ...plain, method: 'GET', body: '' }));
      if (!handled) throw failure('unreachable', 'no answer');
      const { status, headers, body } = handled;
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
      const cutAt = faults.takeTransfer('down')?.afterBytes ?? Infinity;
      const { length: size } = bytes;
      await move({ direction: 'down', size, cutAt, onProgress: (received) => onProgress(received, size) }, end);
      return { status, file: new Blob([new Uint8Array(bytes)], { type: headers['content-type'] ?? '' }) };
    });
  return {
    join: blobs.join!,
    open(input) {
      const file = blobs.open(input);
      return file && counted(file, async (run) => traffic.during(run));
    },
    upload: (request, onProgress) => cancelable(async (end) => upload(request, onProgress, end)),
    download,
  };
}

interface Move {
  readonly direction: Direction;
  readonly size: number;
  readonly cutAt: number;
  onProgress(moved: number): void;
}

interface Answer {
  status: number;
  body: string;
}

/** A file whose reads are in flight: an engine reads a `Blob` in its own time. */
function counted(file: FileBody, during: <T>(run: () => Promise<T>) => Promise<T>): FileBody {
  return {
    size: file.size,
    type: file.type,
    ...(file.name !== undefined && { name: file.name }),
    slice(from, to) {
      const part = file.slice(from, to);
      return { arrayBuffer: async () => during(async () => part.arrayBuffer()) };
    },
  };
}

/** Of a transfer: a canceled one moves nothing more. */
interface End {
  isCanceled: boolean;
}

const canceled = (): Error => failure('unreachable', 'canceled');

function cancelable<T>(run: (end: End) => Promise<T>): Transfer<T> {
  const end: End = { isCanceled: false };
  let reject!: (error: Error) => void;
  const ended = new Promise<never>((_resolve, fail) => (reject = fail));
  const cancel = (): void => {
    end.isCanceled = true;
    reject(canceled());
  };
  return { result: Promise.race([run(end), ended]), cancel };
}

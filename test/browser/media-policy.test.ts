/** A strict Content Security Policy. It stays for the rest of this page, so it has a file of its own. */
import { beforeAll, expect, test } from 'vitest';
import { tone } from './media-files.ts';
import { pair } from './people.ts';

const reports: string[] = [];

beforeAll(() => {
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    reports.push(`${effectiveDirective} ${blockedURI}`),
  );
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = "media-src 'none'; img-src 'none'";
  document.head.append(policy);
});

async function picture(): Promise<File> {
  const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 });
  const png = await new Promise<Blob>((resolve) => canvas.toBlob((blob) => resolve(blob!)));
  return new File([png], 'a.png', { type: 'image/png' });
}

const drawing = (): File =>
  new File(
    ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 20"><rect width="9" height="9"/></svg>'],
    'a.svg',
    {
      type: 'image/svg+xml',
    },
  );

test('J4: files are sent under a strict policy without one report; a sound still has its duration', async () => {
  const { alice, bob } = await pair();
  const film = new File([new Uint8Array(5000)], 'a.mp4', { type: 'video/mp4' });
  const files: [File, object][] = [
    [tone(3), { duration: 3 }],
    [await picture(), { width: 40, height: 30 }],
    [drawing(), { width: 64, height: 20 }],
    [film, {}],
    [new File([new Uint8Array(5000)], 'a.mp3', { type: 'audio/mpeg' }), {}],
    [new File([new Uint8Array(5000)], 'b.png', { type: 'image/png' }), {}],
  ];
  for (const [file, facts] of files) {
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, file });
    const { attach } = await bob.events.next('onRosterMessage');
    expect(attach).toMatchObject({ dName: file.name, fLen: file.size, ...facts });
  }
  // The policy is in force: the page itself is refused.
  expect(reports).toEqual([]);
  const own = document.createElement('audio');
  own.src = URL.createObjectURL(tone(1));
  await expect.poll(() => reports).toEqual(['media-src blob']);
});

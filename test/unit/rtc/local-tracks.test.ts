import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LocalTracks } from '../../../src/rtc/local-tracks.ts';
import type { Outgoing } from '../../../src/rtc/publisher.ts';
import type { FakeDevices } from './fake-browser.ts';
import { stubBrowser } from './fake-browser.ts';
import { FakeJanus } from './fake-janus.ts';

let devices: FakeDevices;
let tracks: LocalTracks;
let errors: string[];
let sent: Outgoing[];

beforeEach(() => {
  devices = stubBrowser();
  errors = [];
  sent = [];
  tracks = new LocalTracks({
    port: new FakeJanus().port,
    send: async () => void sent.push(tracks.outgoing()),
    onTracks: () => undefined,
    onError: ({ reason, details }) => void errors.push(`${reason} ${String(details?.['device'])}`),
  });
});

afterEach(() => {
  tracks.close();
  expect(devices.live()).toEqual([]);
  vi.unstubAllGlobals();
});

const cameraId = (): string | undefined => tracks.media.camera?.getTracks()[0]?.getSettings().deviceId;
const settle = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('devices', () => {
  test('of a video call are one question to the user', async () => {
    await tracks.take(true, { width: 1280, height: 720 });
    expect(devices.asked).toEqual([
      { audio: {}, video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: 'user' } },
    ]);
    expect(tracks.media).toMatchObject({ isMicrophoneOn: true, screen: null });
  });

  test('of a call with sound are a microphone', async () => {
    await tracks.take(false, { microphone: 'headset' });
    expect(devices.asked).toEqual([{ audio: { deviceId: { exact: 'headset' } } }]);
    expect(tracks.outgoing()).toMatchObject({ video: undefined, screen: undefined });
  });

  test.each([
    ['NotAllowedError', 'UserPermissionDenied'],
    ['SecurityError', 'UserPermissionDenied'],
    ['NotFoundError', 'NotFound'],
    ['OverconstrainedError', 'NotFound'],
    ['NotReadableError', 'GeneralError'],
    ['AbortError', 'GeneralError'],
  ])('that fail by %s reject with %s', async (name, reason) => {
    devices.failures.microphone.push(name);
    await expect(tracks.take(false, {})).rejects.toMatchObject({ reason, details: { device: 'microphone' } });
    devices.failures.microphone.push(name, name);
    devices.failures.camera.push(name);
    await expect(tracks.take(true, {})).rejects.toMatchObject({ reason, details: { device: 'microphone' } });
  });

  test('of which one is missing are the other one, and an error that ends nothing', async () => {
    devices.cameras = [];
    await tracks.take(true, {});
    expect([tracks.media.camera, tracks.media.isMicrophoneOn]).toEqual([null, true]);
    expect(errors).toEqual(['NotFound camera']);
  });

  test('of which the microphone is refused are the camera', async () => {
    devices.failures.microphone.push('NotAllowedError', 'NotAllowedError');
    await tracks.take(true, {});
    expect(tracks.media.microphone).toBeNull();
    expect(cameraId()).toBe('front');
    expect(errors).toEqual(['UserPermissionDenied microphone']);
  });

  test('are there on secure pages only', async () => {
    vi.stubGlobal('navigator', {});
    await expect(tracks.take(true, {})).rejects.toMatchObject({
      reason: 'ServerRtcNotOpen',
      details: { support: false },
    });
  });

  test('that are given after the end are released', async () => {
    const taken = tracks.take(true, {});
    tracks.close();
    await expect(taken).rejects.toMatchObject({ reason: 'UserCancel' });
    expect(devices.captured).toHaveLength(2);
  });
});

describe('the camera', () => {
  beforeEach(async () => tracks.take(true, {}));

  test('is released when it is off, keeps its stream, and is taken again', async () => {
    const { camera } = tracks.media;
    await tracks.setCamera(false);
    expect(devices.live()).toHaveLength(1);
    expect([tracks.media.camera, sent.at(-1)!.video]).toEqual([null, null]);
    await tracks.setCamera(true);
    expect(tracks.media.camera).toBe(camera);
    expect(sent.at(-1)!.video).toBe(camera!.getTracks()[0]);
  });

  test('is another one, and the one before is released', async () => {
    await tracks.setCamera('back');
    expect([cameraId(), devices.live().length]).toEqual(['back', 2]);
    await tracks.setCamera('environment');
    expect(devices.asked.at(-1)).toMatchObject({ video: { facingMode: 'environment' } });
  });

  test('that is not there leaves the one before', async () => {
    await expect(tracks.setCamera('no such camera')).rejects.toMatchObject({ reason: 'NotFound' });
    expect(cameraId()).toBe('front');
  });

  test('of a phone is released before another one is taken', async () => {
    devices.failures.camera.push('NotReadableError');
    await tracks.setCamera('back');
    expect(cameraId()).toBe('back');
    devices.failures.camera.push('NotReadableError', 'NotReadableError');
    await expect(tracks.setCamera('front')).rejects.toMatchObject({ reason: 'GeneralError' });
    expect(cameraId()).toBe('back');
  });

  test('that is unplugged is replaced, and taken again when it is back', async () => {
    await tracks.setCamera('back');
    devices.cameras = ['front'];
    devices.live().at(-1)!.end();
    await settle();
    expect(cameraId()).toBe('front');
    devices.cameras = ['front', 'back'];
    devices.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(cameraId()).toBe('back');
    devices.cameras = [];
    devices.live().at(-1)!.end();
    await settle();
    expect(tracks.media.camera).toBeNull();
    expect(errors).toEqual(['NotFound camera']);
  });
});

test('a microphone that is off stays taken, also another one', async () => {
  await tracks.take(false, {});
  await tracks.setMicrophone(false);
  devices.microphones = ['headset', 'table'];
  await tracks.setMicrophone('table');
  expect([tracks.media.isMicrophoneOn, devices.live().length]).toEqual([false, 1]);
  await tracks.setMicrophone(true);
  expect(tracks.media.isMicrophoneOn).toBe(true);
});

test('a microphone that is off is released for an app that wants it', async () => {
  await tracks.take(false, { releaseMicrophone: true });
  await tracks.setMicrophone(false);
  expect([devices.live().length, tracks.outgoing().audio]).toEqual([0, undefined]);
  await tracks.setMicrophone(true);
  expect([devices.live().length, tracks.media.isMicrophoneOn]).toEqual([1, true]);
});

describe('the screen', () => {
  beforeEach(async () => tracks.take(true, {}));

  test('is beside the camera, or in its place', async () => {
    const camera = tracks.outgoing().video;
    await tracks.shareScreen(true);
    expect([sent.at(-1)!.video, sent.at(-1)!.screen?.readyState]).toEqual([camera, 'live']);
    await tracks.shareScreen(false);
    expect(sent.at(-1)!.screen).toBeUndefined();
    expect(sent.at(-1)!.video).not.toBe(camera);
    expect(devices.live()).toHaveLength(3);
    tracks.stopSharing();
    expect(sent.at(-1)!.video).toBe(camera);
  });

  test('ends with the button of the browser', async () => {
    await tracks.shareScreen(true);
    devices.live().at(-1)!.end();
    expect([tracks.media.screen, sent.at(-1)!.screen]).toEqual([null, undefined]);
  });

  test('that nobody picks changes nothing, and does not block the next one', async () => {
    devices.failures.screen.push('NotAllowedError');
    await expect(tracks.shareScreen(true)).rejects.toMatchObject({ reason: 'UserCancel' });
    expect(sent).toHaveLength(2);
    await tracks.shareScreen(true);
    expect(tracks.media.screen).not.toBeNull();
  });

  test('is refused where nobody shows it', async () => {
    await tracks.take(false, {});
    await expect(tracks.shareScreen(false)).rejects.toMatchObject({ reason: 'GeneralError' });
  });
});

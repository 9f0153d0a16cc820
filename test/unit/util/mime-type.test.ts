import { expect, test } from 'vitest';
import { mimeTypeOf } from '../../../src/util/mime-type.ts';

test.each([
  ['photo.jpg', 'image/jpeg'],
  ['photo.JPEG', 'image/jpeg'],
  ['screen.png', 'image/png'],
  ['IMG_0001.HEIC', 'image/heic'],
  ['film.mov', 'video/quicktime'],
  ['film.mp4', 'video/mp4'],
  ['film.m4v', 'video/x-m4v'],
  ['song.mp3', 'audio/mpeg'],
  ['voice.m4a', 'audio/mp4'],
  ['voice.amr', 'audio/amr'],
  ['report.pdf', 'application/pdf'],
  ['wxfile://tmp/a.b/film.mov', 'video/quicktime'],
  ['C:\\pictures\\photo.jpg', 'image/jpeg'],
])('%s is %s', (name, type) => {
  expect(mimeTypeOf(name)).toBe(type);
});

test.each(['thing.unknown', 'no extension', 'png', '/tmp/jpg', 'photo.', ''])('%j has no type', (name) => {
  expect(mimeTypeOf(name)).toBe('');
});

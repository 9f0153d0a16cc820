const RATE = 8000;
const HEADER_BYTES = 44;
const SILENCE = 128;

/** A melody as a WAV file: one tone after the other, each of the same length, as frequencies in Hz. */
export function playTones(frequencies: readonly number[], secondsEach: number): Uint8Array {
  const samplesEach = Math.round(RATE * secondsEach);
  const count = samplesEach * frequencies.length;
  const file = new Uint8Array(HEADER_BYTES + count);
  writeHeader(new DataView(file.buffer), count);
  for (let sample = 0; sample < count; sample++) {
    const inTone = sample % samplesEach;
    const fade = Math.min(1, inTone / 200) * (1 - inTone / samplesEach);
    const phase = (sample / RATE) * frequencies[Math.floor(sample / samplesEach)]! * 2 * Math.PI;
    file[HEADER_BYTES + sample] = SILENCE + Math.round(Math.sin(phase) * fade * 90);
  }
  return file;
}

/** One channel, eight bits a sample. */
function writeHeader(view: DataView, count: number): void {
  const text = (at: number, letters: string): void => {
    for (const [index, letter] of Array.from(letters).entries()) view.setUint8(at + index, letter.charCodeAt(0));
  };
  text(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + count, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  text(36, 'data');
  view.setUint32(40, count, true);
}

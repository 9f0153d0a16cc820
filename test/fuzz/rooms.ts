import { FlooError } from '../../src/errors.ts';
import { parseDnsAnswer } from '../../src/bootstrap/dns-answer.ts';
import { readEnvelope } from '../../src/http/envelope.ts';
import { normalizeText } from '../../src/store/search-terms.ts';
import { unpackItems } from '../../src/store/segment-record.ts';
import { addJsonFields } from '../../src/sync/message-mapper.ts';
import { mergeJsonText } from '../../src/sync/message-ops.ts';
import { parseLosslessJson } from '../../src/util/lossless-json.ts';
import { decodeFrame } from '../../src/wire/decode-frame.ts';
import { frameOf, parseTextAttachment, splitSocketPacket } from '../../src/wire/engine-packet.ts';
import { WireError } from '../../src/wire/wire-error.ts';
import type { Message } from '../../src/model/message.ts';
import { textOf } from './inputs.ts';
import type { Input } from './inputs.ts';

/** Each room may refuse with its own error and no other. */
export function runRooms(input: Input): void {
  const text = textOf(input);
  switch (input.kind) {
    case 'frame':
      refusing(WireError, () => decodeFrame(input.bytes, 'down'));
      refusing(WireError, () => decodeFrame(input.bytes, 'up'));
      return;
    case 'packet': {
      const { attachments, data } = splitSocketPacket(text.slice(1));
      frameOf(data, attachments, true);
      parseTextAttachment(text.slice(1), 3);
      parseTextAttachment(text.slice(1), 4);
      return;
    }
    case 'json':
      addJsonFields({} as Message, text, text);
      JSON.stringify(mergeJsonText(text, text));
      mergeJsonText('{"a":{"a":1}}', text);
      normalizeText(text);
      return;
    case 'rest':
      refusing(FlooError, () => readEnvelope({ status: 200, body: text }, 'http://127.0.0.1:1/'));
      return;
    case 'dns':
      refusing(SyntaxError, () => refusing(FlooError, () => parseDnsAnswer(parseLosslessJson(text))));
      return;
    case 'stored':
      // A store that cannot be read is another test's: here it may refuse, and not hang.
      refusing(Error, () => unpackItems(text));
  }
}

function refusing(type: new (...parts: never[]) => Error, run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof type)) throw error;
  }
}

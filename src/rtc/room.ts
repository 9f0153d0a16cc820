import type { CallRoom } from './call-media.ts';
import type { PeerLink } from './peer-link.ts';
import { randomText } from './random-text.ts';

const SECRET_LENGTH = 16;
/** A phone of each side, and those that take over from them. */
const MOST_PUBLISHERS = 6;
/** Deployed clients read the room as a number of JavaScript: 53 bits, 21 of them above these. */
const WORD = 2 ** 32;
const UPPER_WORD = 2 ** 21;

/** A room that nobody else can find or enter. Its number is drawn here, so that it can be destroyed before Janus has answered. */
export function drawRoom(): Required<CallRoom> {
  const [upper = 0, lower = 0] = crypto.getRandomValues(new Uint32Array(2));
  const room = String((upper % UPPER_WORD) * WORD + lower + (upper | lower ? 0 : 1));
  return { room, pin: randomText(SECRET_LENGTH), secret: randomText(SECRET_LENGTH) };
}

/** Makes the room at Janus. @returns its number, which the server may have changed */
export async function createRoom(link: PeerLink, { room, pin, secret }: CallRoom): Promise<unknown> {
  const { data } = await link.message({
    ...{ request: 'create', room, pin, secret, description: '' },
    ...{ permanent: false, is_private: true, publishers: MOST_PUBLISHERS },
  });
  return data['room'];
}

/** The request that destroys a room, which Janus keeps otherwise. */
export const destroyRequest = ({ room, secret }: CallRoom): object => ({ request: 'destroy', room, secret });

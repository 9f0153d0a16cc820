// Carries one WebSocket between a client and a server, and knows where a frame begins and ends, so that a whole frame can come
// twice, too late, or as a half.
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

export interface RelayRules {
  /** One way, in ms. */
  delayMs: number;
  /** Frames from the server that still come twice. */
  duplicates: number;
  /** Frames from the server that still change places with the next one. */
  swaps: number;
  /** Frames to the server that still arrive twice. */
  resends: number;
  /** Of the next frame from the server half arrives, and then the connection ends. */
  cutsNext: boolean;
}

/** Messages of one frame: Socket.IO has a text before the bytes. */
type Unit = readonly (readonly [data: Buffer, isBinary: boolean])[];

/** A binary event or acknowledgement of Socket.IO with its attachments. */
const BINARY_EVENT = /^4[56](\d+)-/;
/** A frame that nothing follows is not kept back for ever. */
const LONGEST_SWAP_MS = 100;
/** How long a server keeps a connection whose client went away without a word. */
const FORGET_MS = 3000;

export interface Relay {
  /** Nothing gets through any more, in either direction, and nobody hears of it. */
  swallow(): void;
  cut(): void;
}

/** @param client - is open @param server - is open @param tcp - the connection of the client, below the WebSocket */
export function relay(client: WebSocket, server: WebSocket, tcp: Duplex, rules: RelayRules): Relay {
  let isSwallowing = false;
  let held: Unit | undefined;
  const down = createLane();
  const up = createLane();

  const cut = (): void => {
    client.terminate();
    server.terminate();
    tcp.destroy();
  };
  const write = (to: WebSocket, unit: Unit): void => {
    if (isSwallowing || to.readyState !== WebSocket.OPEN) return;
    for (const [data, isBinary] of unit) to.send(data, { binary: isBinary });
  };
  const deliver = (unit: Unit): void => down(rules.delayMs, () => write(client, unit));
  const release = (): void => {
    const unit = held;
    held = undefined;
    if (unit) deliver(unit);
  };
  const fromServer = (unit: Unit, isFrame: boolean): void => {
    if (!isFrame) return deliver(unit);
    if (rules.cutsNext) {
      rules.cutsNext = false;
      down(rules.delayMs, () => !isSwallowing && tcp.write(halfOf(unit), cut));
      return;
    }
    if (held) {
      deliver(unit);
      return release();
    }
    if (rules.swaps > 0) {
      rules.swaps--;
      held = unit;
      setTimeout(release, LONGEST_SWAP_MS);
      return;
    }
    deliver(unit);
    if (rules.duplicates === 0) return;
    rules.duplicates--;
    deliver(unit);
  };
  let framesUp = 0;
  const fromClient = (unit: Unit, isFrame: boolean): void => {
    const times = isFrame && framesUp++ > 0 && rules.resends > 0 ? 2 : 1;
    if (times === 2) rules.resends--;
    for (let time = 0; time < times; time++) up(rules.delayMs, () => write(server, unit));
  };
  server.on('message', inUnits(fromServer));
  client.on('message', inUnits(fromClient));
  for (const socket of [client, server]) socket.on('error', () => undefined);
  tcp.on('error', () => undefined);
  server.on('close', () => !isSwallowing && down(rules.delayMs, () => client.close()));
  client.on('close', () => {
    if (isSwallowing) setTimeout(cut, FORGET_MS);
    else up(rules.delayMs, () => server.close());
  });
  return { swallow: () => (isSwallowing = true), cut };
}

/** Collects what belongs to one frame. Everything else is a unit of its own, and no frame. */
function inUnits(take: (unit: Unit, isFrame: boolean) => void): (data: unknown, isBinary: boolean) => void {
  let begun: (readonly [Buffer, boolean])[] = [];
  let missing = 0;
  return (data, isBinary) => {
    const message = [data as Buffer, isBinary] as const;
    if (missing === 0) {
      const attachments = isBinary ? undefined : BINARY_EVENT.exec(message[0].toString())?.[1];
      if (attachments === undefined) return take([message], isBinary);
      begun = [message];
      missing = Number(attachments);
      return;
    }
    begun.push(message);
    if (--missing === 0) take(begun, true);
  };
}

/** A WebSocket frame with all of its head and half of its bytes. */
function halfOf(unit: Unit): Buffer {
  const [data, isBinary] = unit.at(-1)!;
  const head = Buffer.from([isBinary ? 0x82 : 0x81, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(data.length, 6);
  return Buffer.concat([head, data.subarray(0, data.length >> 1)]);
}

/** Runs steps after their delays, and never one before an earlier one. */
function createLane(): (delayMs: number, run: () => void) => void {
  const steps: { time: number; run: () => void }[] = [];
  let isWaiting = false;
  let newest = 0;
  const next = (): void => {
    isWaiting = false;
    while (steps.length > 0 && steps[0]!.time <= performance.now()) steps.shift()!.run();
    if (steps.length === 0) return;
    isWaiting = true;
    setTimeout(next, Math.max(1, steps[0]!.time - performance.now()));
  };
  return (delayMs, run) => {
    newest = Math.max(newest, performance.now() + delayMs);
    steps.push({ time: newest, run });
    if (!isWaiting) next();
  };
}

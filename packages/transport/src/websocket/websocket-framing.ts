import { randomFillSync } from 'node:crypto';
import type { Framing } from '../peer/framing.js';
import { Masking } from './masking.js';

const FIN = 0x80;
const TEXT = 0x01;
const BINARY = 0x02;
const MASKED = 0x80;

/**
 * WebSocket data frames (RFC 6455, 5.2): one unfragmented frame a message (BP-TRN-02).
 *
 * @param binary whether frames are binary or text (BP-TRN-03)
 * @param masked whether this is the client's end, whose frames are masked with a random key
 */
export function createWebSocketFraming(binary: boolean, masked: boolean): Framing {
  const first = FIN | (binary ? BINARY : TEXT);
  return masked ? new MaskedFraming(first) : new PlainFraming(first);
}

function lengthSize(length: number): number {
  return length < 126 ? 2 : length < 0x1_0000 ? 4 : 10;
}

function writeHeader(target: Buffer, position: number, length: number): void {
  if (length < 126) {
    target[position + 1] = length;
  } else if (length < 0x1_0000) {
    target[position + 1] = 126;
    target[position + 2] = length >>> 8;
    target[position + 3] = length;
  } else {
    target[position + 1] = 127;
    target.writeUInt32BE(Math.floor(length / 0x1_0000_0000), position + 2);
    target.writeUInt32BE(length >>> 0, position + 6);
  }
}

class PlainFraming implements Framing {
  readonly name = 'websocket';
  readonly #first: number;

  constructor(first: number) {
    this.#first = first;
  }

  headerSize(length: number): number {
    return lengthSize(length);
  }

  seal(target: Buffer, position: number, length: number): void {
    target[position] = this.#first;
    writeHeader(target, position, length);
  }
}

const KEYS = 4096;

class MaskedFraming implements Framing {
  readonly name = 'websocket';
  readonly #first: number;
  readonly #masking = new Masking();
  readonly #keys = Buffer.allocUnsafeSlow(KEYS);
  #used = KEYS;

  constructor(first: number) {
    this.#first = first;
  }

  headerSize(length: number): number {
    return lengthSize(length) + 4;
  }

  seal(target: Buffer, position: number, length: number): void {
    target[position] = this.#first;
    writeHeader(target, position, length);
    target[position + 1] |= MASKED;
    const key = position + lengthSize(length);
    if (this.#used === KEYS) {
      randomFillSync(this.#keys);
      this.#used = 0;
    }
    for (let i = 0; i < 4; i++) target[key + i] = this.#keys[this.#used++];
    this.#masking.apply(target, key + 4, key + 4 + length);
  }
}

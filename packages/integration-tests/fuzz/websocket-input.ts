import { deflateRawSync } from 'node:zlib';
import type { Random } from './random.js';

/** An upgrade request, right or with something odd about it. */
export function inventUpgrade(random: Random, serializer: string): Uint8Array {
  const odd = (right: string, ...others: string[]): string => (random.once(30) ? random.pick(others) : right);
  const lines = [
    odd(
      'GET /ws HTTP/1.1',
      'POST /ws HTTP/1.1',
      'GET /other HTTP/1.1',
      'GET /ws HTTP/1.0',
      'GET /ws',
      'PRI * HTTP/2.0',
    ),
    'Host: localhost',
    odd('Upgrade: websocket', 'Upgrade: h2c', 'Upgrade: websocket, websocket', 'X: y'),
    odd('Connection: Upgrade', 'Connection: close', `X: ${'y'.repeat(20_000)}`),
    `Sec-WebSocket-Key: ${odd('dGhlIHNhbXBsZSBub25jZQ==', '', 'short', '\u0001')}`,
    `Sec-WebSocket-Version: ${odd('13', '8', '0', 'x')}`,
    `Sec-WebSocket-Protocol: ${odd(`wamp.2.${serializer}`, '', 'chat', ',,', 'wamp.2.json, wamp.2.json')}`,
  ];
  if (random.once(3))
    lines.push(
      `Sec-WebSocket-Extensions: ${odd('permessage-deflate', 'permessage-deflate; x', ';', 'permessage-deflate; server_max_window_bits=99')}`,
    );
  if (random.once(30)) lines.splice(random.below(lines.length), 1);
  return Buffer.from(`${lines.join(odd('\r\n', '\n'))}\r\n${odd('\r\n', '')}`, 'latin1');
}

/** A frame around a message, right or with something odd about it. */
export function inventFrame(random: Random, message: Uint8Array, isBinary: boolean): Uint8Array {
  const opcode = random.once(6) ? random.below(16) : isBinary ? 2 : 1;
  const deflated = random.once(12);
  const payload = deflated ? deflateRawSync(message).subarray(0, -4) : message;
  const first = opcode | (random.once(8) ? 0 : 0x80) | (deflated ? 0x40 : 0) | (random.once(30) ? 0x30 : 0);
  const length = random.once(20)
    ? random.pick([0, 125, 126, 65_536, 2 ** 31, payload.length + 1])
    : payload.length;
  const masked = !random.once(20);
  const mask = random.bytes(4);
  return Buffer.concat([
    Uint8Array.of(first),
    lengthBytes(length, masked ? 0x80 : 0, random),
    ...(masked ? [mask, payload.map((byte, n) => byte ^ (mask[n & 3] as number))] : [payload]),
  ]);
}

/* In the shortest form, or now and then in a longer one. */
function lengthBytes(length: number, mask: number, random: Random): Uint8Array {
  const form = random.once(20) ? random.below(3) : length < 126 ? 0 : length < 65_536 ? 1 : 2;
  const bytes = Buffer.alloc([1, 3, 9][form] as number);
  bytes[0] = mask | ([length & 0x7f, 126, 127][form] as number);
  if (form === 1) bytes.writeUInt16BE(length & 0xffff, 1);
  if (form === 2) bytes.writeBigUInt64BE(random.once(20) ? 2n ** 63n : BigInt(length), 1);
  return bytes;
}

import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { describe, expect, test } from 'vitest';
import {
  announcedLimit,
  encodeHandshake,
  encodeHandshakeError,
  readReply,
  readRequest,
} from './rawsocket-handshake.js';

const all = [jsonSerializer, msgpackSerializer, cborSerializer];

describe('RawSocket handshake', () => {
  test.each([
    [1, 512],
    [512, 512],
    [1023, 512],
    [1024, 1024],
    [1_000_000, 524_288],
    [2 ** 24 - 1, 2 ** 23],
    [2 ** 24, 2 ** 24],
    [2 ** 30, 2 ** 24],
  ])('RS-01: within %i bytes the limit %i is announced', (size, limit) => {
    expect(announcedLimit(size)).toBe(limit);
  });

  test.each([
    [jsonSerializer, 512, [0x7f, 0x01, 0, 0]],
    [msgpackSerializer, 2 ** 24, [0x7f, 0xf2, 0, 0]],
    [cborSerializer, 2 ** 20, [0x7f, 0xb3, 0, 0]],
  ])('RS-01: request and reply name the serializer and the limit (%#)', (serializer, limit, octets) => {
    const bytes = encodeHandshake(serializer, limit);
    expect([...bytes]).toEqual(octets);
    expect(readRequest(bytes, all)).toEqual({ serializer, limit });
    expect(readReply(bytes, serializer)).toEqual({ limit });
  });

  test.each([
    ['serializer 0', [0x7f, 0xf0, 0, 0], 1],
    ['a serializer that is not spoken', [0x7f, 0xf2, 0, 0], 1],
    ['UBJSON', [0x7f, 0xf4, 0, 0], 1],
    ['a reserved serializer', [0x7f, 0xff, 0, 0], 1],
    ['a third octet', [0x7f, 0xf1, 1, 0], 3],
    ['a fourth octet', [0x7f, 0xf1, 0, 0x80], 3],
  ])('RS-03 RS-04: a request with %s is refused', (_, octets, error) => {
    expect(readRequest(Uint8Array.from(octets), [jsonSerializer])).toEqual({ error });
    expect([...encodeHandshakeError(error)]).toEqual([0x7f, error << 4, 0, 0]);
  });

  test.each([
    ['error 1', [0x7f, 0x10, 0, 0], 'it does not speak this serializer', 1],
    ['error 2', [0x7f, 0x20, 0, 0], 'it does not accept this maximum message length', 2],
    ['error 4', [0x7f, 0x40, 0, 0], 'as many connections', 4],
    ['an unknown error', [0x7f, 0x90, 0, 0], 'error 9', 9],
    ['another serializer', [0x7f, 0xf3, 0, 0], 'names serializer 3 instead of 1', undefined],
    ['reserved octets', [0x7f, 0xf1, 0, 1], 'reserved octets', undefined],
    ['another protocol', [0x00, 0xf1, 0, 0], 'octet 0x0', undefined],
    ['HTTP', [0x48, 0x54, 0x54, 0x50], 'answers in HTTP', undefined],
  ])('RS-02 RS-03: the client fails on a reply with %s', (_, octets, text, code) => {
    const reply = readReply(Uint8Array.from(octets), jsonSerializer);
    expect(reply).toMatchObject({ fault: expect.stringContaining(text) });
    expect('code' in reply ? reply.code : undefined).toBe(code);
  });
});

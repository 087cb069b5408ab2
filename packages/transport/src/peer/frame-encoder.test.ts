import {
  Call,
  ErrorUri,
  Event,
  emptyDict,
  type Message,
  Payload,
  type Serializer,
  SharedMessage,
  WampError,
} from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { describe, expect, test } from 'vitest';
import { limits } from '../limits.js';
import { createWebSocketFraming } from '../websocket/websocket-framing.js';
import { BufferPool } from './buffer-pool.js';
import { type Frame, FrameEncoder } from './frame-encoder.js';
import { type Slab, SlabLane } from './slab.js';

const SLAB = 64 * 1024;
const anySize = Number.POSITIVE_INFINITY;

function createEncoder(serializer: Serializer = jsonSerializer) {
  const pool = new BufferPool();
  const lanes = { unicast: new SlabLane(pool, SLAB), fanOut: new SlabLane(pool, SLAB) };
  return { lanes, encoder: new FrameEncoder(serializer, createWebSocketFraming(false, false), lanes) };
}

/** A message whose JSON has exactly `length` bytes. */
function messageOf(length: number): Message {
  const build = (text: string) => new Call(1, emptyDict, 'p', Payload.of([text]));
  const target = new Uint8Array(length + 200);
  const empty = jsonSerializer.encodeInto(target, 0, build('x')) - 1;
  return build('x'.repeat(length - empty));
}

function bytesOf(frame: Frame): Buffer {
  return (frame.slab as Slab).bytes.subarray(frame.start, frame.end);
}

describe('FrameEncoder', () => {
  test('BP-TRN-02: frames of all header sizes, in every order, hold exactly their message', () => {
    const { encoder } = createEncoder();
    const sizes = [
      40, 125, 126, 40, 300, 65_535, 65_536, 126, 125, 70_000, 16_380, 16_384, 16_390, 60, 1_000_000, 41,
    ];
    for (const size of [...sizes, ...sizes.reverse()]) {
      const message = messageOf(size);
      const frame = encoder.encode(message, anySize);
      const wanted = new Uint8Array(size);
      jsonSerializer.encodeInto(wanted, 0, message);
      expect(frame.error).toBeNull();
      expect(frame.length).toBe(size);
      expect(bytesOf(frame).subarray(-size).equals(wanted)).toBe(true);
      expect(frame.end - frame.start - size).toBe(size < 126 ? 2 : size < 65_536 ? 4 : 10);
    }
  });

  test('BP-TRN-02: frames of one lane follow each other without a gap', () => {
    const { encoder } = createEncoder();
    const first = { ...encoder.encode(messageOf(100), anySize) };
    const second = { ...encoder.encode(messageOf(200), anySize) };
    const third = encoder.encode(messageOf(100), anySize);
    expect([second.slab, third.slab]).toEqual([first.slab, first.slab]);
    expect([second.start, third.start]).toEqual([first.end, second.end]);
  });

  test('BP-TRN-02: a full slab is left to its readers and another begun', () => {
    const { encoder } = createEncoder();
    const slabs = new Set<unknown>();
    for (let i = 0; i < 20; i++) slabs.add(encoder.encode(messageOf(10_000), anySize).slab);
    expect(slabs.size).toBe(4);
  });

  test('BP-TRN-02: a slab is used again after a flush, unless a write still reads from it', () => {
    const { encoder, lanes } = createEncoder();
    const first = { ...encoder.encode(messageOf(100), anySize) };
    lanes.unicast.rewind();
    const second = { ...encoder.encode(messageOf(100), anySize) };
    expect([second.slab, second.start]).toEqual([first.slab, first.start]);
    (second.slab as Slab).pinned = true;
    lanes.unicast.rewind();
    const third = encoder.encode(messageOf(100), anySize);
    expect([third.slab, third.start]).toEqual([second.slab, second.end]);
  });

  test('BP-TRN-02: large payloads that are passed on have a buffer of their own', () => {
    const { encoder } = createEncoder();
    const tail = Buffer.from(JSON.stringify(['x'.repeat(limits.slabFrame)]));
    const payload = Payload.borrow(jsonSerializer, tail, 0, tail.length, 1);
    const small = encoder.encode(messageOf(100), anySize).slab;
    const large = { ...encoder.encode(new Call(1, emptyDict, 'p', payload), anySize) };
    expect(large.slab).not.toBe(small);
    expect(encoder.encode(messageOf(100), anySize).slab).toBe(small);
  });

  test('BP-RPC-09: a message over the limit gives payload_size_exceeded and takes no room', () => {
    const { encoder } = createEncoder();
    const before = { ...encoder.encode(messageOf(100), anySize) };
    for (const size of [501, 40_000, 1_000_000]) {
      const frame = encoder.encode(messageOf(size), 500);
      expect(frame.error?.uri).toBe(ErrorUri.PayloadSizeExceeded);
      expect(frame.error?.message).toContain(`${size} bytes`);
    }
    const after = encoder.encode(messageOf(500), 500);
    expect([after.error, after.slab, after.start]).toEqual([null, before.slab, before.end]);
  });

  test('BP-TRN-01: a value without a form gives the error of the serializer and takes no room', () => {
    const { encoder } = createEncoder();
    const before = { ...encoder.encode(messageOf(100), anySize) };
    const circular: unknown[] = [];
    circular.push(circular);
    const frame = encoder.encode(new Call(1, emptyDict, 'p', Payload.of(circular)), anySize);
    expect(frame.error).toBeInstanceOf(WampError);
    expect(encoder.encode(messageOf(100), anySize).start).toBe(before.end);
  });

  test('BP-TRN-02: a shared message is encoded once for all peers of an encoder', () => {
    let encoded = 0;
    const counting: Serializer = {
      ...jsonSerializer,
      encodeInto(target, position, message) {
        encoded++;
        return jsonSerializer.encodeInto(target, position, message);
      },
    };
    const { encoder } = createEncoder(counting);
    const shared = new SharedMessage(new Event(1, 2, emptyDict, Payload.of(['x'])));
    const first = encoder.encodeShared(shared);
    encoder.encode(messageOf(50), anySize);
    expect(encoder.encodeShared(shared)).toBe(first);
    expect(encoded).toBe(2);
    expect(bytesOf(first).subarray(2).toString()).toBe('[36,1,2,{},["x"]]');
  });

  test('BP-TRN-02: a shared message that is sent again after a flush is encoded again', () => {
    const { encoder, lanes } = createEncoder();
    const shared = new SharedMessage(new Event(1, 2, emptyDict, Payload.of(['x'])));
    encoder.encodeShared(shared);
    lanes.fanOut.rewind();
    encoder.encodeShared(new SharedMessage(new Event(3, 4, emptyDict)));
    expect(bytesOf(encoder.encodeShared(shared)).subarray(2).toString()).toBe('[36,1,2,{},["x"]]');
  });
});

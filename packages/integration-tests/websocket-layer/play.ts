import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { binary, type FrameSpec, text } from './frame.js';
import type { Delivery, Outcome } from './raw-end.js';
import { type Connection, type End, openWorld, type World, type WorldOptions } from './world.js';

/** A world for the tests of a suite, with a healthy connection beside each of them. */
export interface Stage {
  /** Opens a connection, sends frames and tells what became of them, and that the connection beside goes on. */
  play(frames: readonly FrameSpec[], how?: { delivery?: Delivery; subprotocol?: string }): Promise<Outcome>;
  open(subprotocol?: string): Promise<Connection>;
  /** The connection of the last `play`. */
  last(): Connection;
}

/** To be called in a `describe`: opens a world before its tests and closes it after them. */
export function setStage(end: End, options: WorldOptions = {}): Stage {
  let world: World;
  let beside: Connection;
  let connection: Connection;
  let plays = 0;
  const open = async (subprotocol?: string): Promise<Connection> => {
    connection = await world.open(subprotocol);
    return connection;
  };
  beforeAll(async () => {
    world = await openWorld(end, options);
    beside = await world.open();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(() => {
    plays = 0;
  });
  return {
    open,
    last: () => connection,
    async play(frames, { delivery = 'at once', subprotocol } = {}) {
      const { raw, ends } = await open(subprotocol);
      await raw.deliver(frames, delivery);
      const outcome = await raw.outcome((subprotocol === 'wamp.2.msgpack' ? binary : text)('probe'));
      if (outcome.close !== undefined) await expect.poll(() => ends, { interval: 2 }).toHaveLength(1);
      raw.socket.destroy();
      beside.raw.frames.length = 0;
      const other = await beside.raw.outcome(text(`beside ${plays++}`));
      expect(other.close, 'the connection beside').toBeUndefined();
      return outcome;
    },
  };
}

/** What is expected of frames: the rest is that the connection stays open and nothing comes. */
export function outcome(expected: Partial<Outcome>): Outcome {
  return { messages: [], pongs: [], close: undefined, ...expected };
}

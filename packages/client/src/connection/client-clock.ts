import { type Clock, systemClock } from '@wampkit/protocol';

/**
 * The platform's clock with timers that keep a Node process alive: a client that waits to reconnect, or for an answer,
 * is at work.
 */
export const clientClock: Clock = {
  now: systemClock.now,
  monotonic: systemClock.monotonic,
  setTimer(ms, fn) {
    const handle = setTimeout(fn, ms);
    return { cancel: () => clearTimeout(handle) };
  },
};

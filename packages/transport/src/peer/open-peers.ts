import type { Clock, Timer } from '@wampkit/protocol';

/** How long the other end may be silent, milliseconds; 0 turns it off. */
export interface KeepaliveTimes {
  /** Silence after which it is pinged. */
  readonly pingInterval: number;
  /** Silence after a ping after which it is given up. */
  readonly pingTimeout: number;
}

/** What a sweep looks at. */
export interface SweptPeer {
  /** Pings or gives up the other end when it has been silent for too long; `now` is `OpenPeers.now`. */
  checkSilence(now: number, times: KeepaliveTimes): void;
  close(reason: string): void;
}

const SWEEPS_PER_WAIT = 4;
const SHORTEST_SWEEP = 10;

/** The open peers of a listener, or the one of a client. One timer sweeps all of them for silence. */
export class OpenPeers<P extends SweptPeer> {
  /** Monotonic time of the last sweep: what peers note when they hear something. */
  now: number;
  readonly #peers = new Set<P>();
  readonly #clock: Clock;
  readonly #times: KeepaliveTimes;
  readonly #period: number;
  #timer: Timer | null = null;
  #onEmpty: (() => void) | null = null;

  constructor(clock: Clock, times: KeepaliveTimes) {
    this.#clock = clock;
    this.#times = times;
    const { pingInterval, pingTimeout } = times;
    const shortest = Math.min(pingInterval, pingTimeout || pingInterval);
    this.#period = pingInterval === 0 ? 0 : Math.max(SHORTEST_SWEEP, shortest / SWEEPS_PER_WAIT);
    this.now = clock.monotonic();
  }

  get size(): number {
    return this.#peers.size;
  }

  add(peer: P): void {
    this.#peers.add(peer);
    if (this.#timer === null && this.#period > 0) this.#arm();
  }

  delete(peer: P): void {
    this.#peers.delete(peer);
    if (this.#peers.size > 0) return;
    this.#timer?.cancel();
    this.#timer = null;
    this.#onEmpty?.();
    this.#onEmpty = null;
  }

  /** Closes all and resolves when each has ended, which takes `limits.closeTimeout` at most. */
  closeAll(reason: string): Promise<void> {
    for (const peer of [...this.#peers]) peer.close(reason);
    if (this.#peers.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #arm(): void {
    this.now = this.#clock.monotonic();
    this.#timer = this.#clock.setTimer(this.#period, () => this.#sweep());
  }

  #sweep(): void {
    this.#arm();
    for (const peer of this.#peers) peer.checkSilence(this.now, this.#times);
  }
}

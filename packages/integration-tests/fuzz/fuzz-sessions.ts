import { type Peer, SequentialIds, type Serializer } from '@wampkit/protocol';
import { type AuthStep, Router, ticketAuthenticator } from '@wampkit/router';
import { FakeClock } from '@wampkit/testkit';
import { ByteSession } from './byte-session.js';
import { collectGarbage } from './collect-garbage.js';
import { FuzzFailure } from './fuzz-failure.js';
import { countReach, type FuzzReach } from './fuzz-reach.js';
import { HealthyPair } from './healthy-pair.js';
import { InputSource } from './input-source.js';
import { Random } from './random.js';
import { sessionStates } from './session-states.js';

/** What is fuzzed. */
export interface SessionTarget {
  readonly serializer: Serializer;
  /** What the healthy half of the router's clients speaks. */
  readonly other: Serializer;
  /** One of `sessionStates`, or `dismissed`: after the router's GOODBYE. */
  readonly state: string;
}

/** The state that only the router can bring about. */
export const DISMISSED = 'dismissed';

const BATCH = 500;
/** What is sent then is looked at when the batch ends. */
const AUTHENTICATING = 'while it is authenticated';
/** Inputs that one session takes, if it lives so long. */
const INPUTS = 20;

/**
 * Feeds sessions that are in one state with bytes, batch by batch. Within a batch healthy sessions go on; after it
 * nothing of the others may be left.
 *
 * @throws {FuzzFailure} for the first input, or the first batch, that did harm
 */
export async function fuzzSessions(
  target: SessionTarget,
  options: { count: number; seed: number },
): Promise<FuzzReach> {
  const reach: FuzzReach = { joined: 0, violations: 0 };
  const random = new Random(options.seed);
  const inputs = new InputSource(target.serializer, random);
  for (let done = 0; done < options.count; done += BATCH) {
    const isLast = done + BATCH >= options.count;
    const batch = new Batch(target, { isLast, random, inputs, first: done, seed: options.seed, reach });
    await batch.run(Math.min(BATCH, options.count - done));
  }
  return reach;
}

class Batch {
  readonly #target: SessionTarget;
  readonly #random: Random;
  readonly #inputs: InputSource;
  readonly #seed: number;
  readonly #clock = new FakeClock();
  readonly #subscriptions = new Set<number>();
  readonly #waiting: ((step: AuthStep) => void)[] = [];
  readonly #router: Router;
  readonly #healthy: HealthyPair;
  /** Those that have not been ended yet. */
  #sessions: ByteSession[] = [];
  readonly #isLast: boolean;
  readonly #peers: WeakRef<Peer>[] = [];
  #index: number;
  #input: Uint8Array = new Uint8Array();
  #bug: unknown = null;

  constructor(
    target: SessionTarget,
    from: {
      isLast: boolean;
      random: Random;
      inputs: InputSource;
      first: number;
      seed: number;
      reach: FuzzReach;
    },
  ) {
    this.#target = target;
    this.#random = from.random;
    this.#inputs = from.inputs;
    this.#index = from.first;
    this.#seed = from.seed;
    this.#isLast = from.isLast;
    this.#router = this.#createRouter(from.reach);
    this.#healthy = new HealthyPair(target.serializer, target.other, this.#attach);
  }

  async run(count: number): Promise<void> {
    try {
      await this.#runAll(count);
      if (this.#bug !== null) throw this.#bug;
    } catch (error) {
      const { serializer, state } = this.#target;
      const target = `${serializer.name}, ${state}`;
      throw new FuzzFailure(
        { target, seed: this.#seed, index: this.#index, input: this.#input },
        this.#bug ?? error,
      );
    }
  }

  async #runAll(count: number): Promise<void> {
    const end = this.#index + count;
    if (this.#target.state === DISMISSED) await this.#attackDismissed(end);
    else await this.#attackAll(end);
    await this.#checkEnd();
  }

  async #attackAll(end: number): Promise<void> {
    while (this.#index < end && this.#bug === null) this.#attackOnce(end);
    for (const accept of this.#waiting) accept({ type: 'accept', authid: 'joe', authrole: 'user' });
    await tick();
    await this.#checkAfterwards();
  }

  #attackOnce(end: number): void {
    const session = this.#enter();
    this.#feed(session, end);
    this.#leave(session);
    if (this.#random.once(10)) this.#healthy.check();
  }

  #feed(session: ByteSession, end: number): void {
    const inputs = this.#target.state === AUTHENTICATING ? 2 : INPUTS;
    for (let n = 0; n < inputs && this.#index < end && !session.peer.ended; n++) {
      session.peer.congested = this.#random.once(16);
      this.#input = this.#inputs.next(session);
      session.peer.feed(this.#input);
      this.#index++;
      // an answer to what was asked before, so that more than the first message gets there
      if (this.#target.state === 'challenged' && this.#random.once(10)) session.send(5, 'joe-ticket', {});
    }
  }

  /* In every way in which a session can end; some stay until the end of the batch. */
  #leave(session: ByteSession): void {
    const way = this.#random.below(5);
    if (way === 0) session.send(3, {}, 'wamp.close.close_realm');
    else if (way === 1) session.send(6, {}, 'wamp.close.close_realm');
    if (way < 4 && this.#target.state !== AUTHENTICATING) session.drop();
    else this.#sessions.push(session);
  }

  #enter(): ByteSession {
    const limit = this.#random.once(8) ? { limit: 512 } : {};
    const session = new ByteSession(this.#target.serializer, {
      attach: this.#attach,
      subscriptions: this.#subscriptions,
      ...limit,
    });
    if (this.#isLast) this.#peers.push(new WeakRef(session.peer));
    sessionStates[this.#target.state]?.(session, this.#healthy);
    return session;
  }

  /* Joins sessions, lets the router say GOODBYE to them, and feeds those. */
  async #attackDismissed(end: number): Promise<void> {
    this.#sessions = Array.from({ length: end - this.#index }, () => this.#enter());
    for (const session of this.#sessions) session.hello('realm1');
    this.#router.close({ grace: 0 });
    await tick();
    this.#clock.advance(0);
    await tick();
    for (const session of this.#sessions) {
      if (session.peer.ended) throw new Error('a session was not given the time to answer GOODBYE');
      this.#feed(session, end);
    }
  }

  async #checkAfterwards(): Promise<void> {
    for (const session of this.#sessions) session.drop();
    await tick();
    this.#healthy.check();
    const sessions = await this.#healthy.countSessions();
    if (sessions !== 2) throw new Error(`${sessions} sessions are left instead of 2`);
    this.#healthy.checkNothingIsHeld(this.#subscriptions);
    this.#sessions = [];
    if (this.#isLast) await this.#checkMemory();
  }

  /* Whatever the router refers to, the transports of those that are gone are not among it. */
  async #checkMemory(): Promise<void> {
    await collectGarbage();
    const kept = this.#peers.filter((peer) => peer.deref() !== undefined).length;
    // registers and inline caches keep a few for a while, a leak keeps many
    if (kept > this.#peers.length / 10)
      throw new Error(`${kept} of ${this.#peers.length} transports are still referred to`);
  }

  /* No call is open and no transport: so the router ends at once, and no timer is left. */
  async #checkEnd(): Promise<void> {
    this.#healthy.leave();
    for (const session of this.#sessions) session.drop();
    await tick();
    let isClosed = false;
    this.#router.close().then(() => {
      isClosed = true;
    });
    await tick();
    if (!isClosed) throw new Error('a call or a transport was left over');
    if (this.#clock.timers > 0) throw new Error(`${this.#clock.timers} timers were left over`);
  }

  #attach = (peer: Peer): void => this.#router.attach(peer);

  #createRouter(reach: FuzzReach): Router {
    const wait = (): Promise<AuthStep> => new Promise((resolve) => this.#waiting.push(resolve));
    return new Router({
      clock: this.#clock,
      // small ids are guessed more easily
      ids: new SequentialIds(),
      realms: [
        { name: 'realm1' },
        {
          name: 'tickets',
          authenticators: [
            ticketAuthenticator({ users: { joe: { ticket: 'joe-ticket', role: 'user' } } }),
            { method: 'slow', start: wait },
          ],
          roles: [
            {
              name: 'user',
              permissions: [
                { uri: '', match: 'prefix', allow: ['call', 'register', 'publish', 'subscribe'] },
                { uri: 'fuzz.b', allow: [] },
              ],
            },
          ],
        },
      ],
      events: {
        ...countReach(reach),
        bug: ({ error }) => {
          this.#bug ??= error;
        },
      },
    });
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

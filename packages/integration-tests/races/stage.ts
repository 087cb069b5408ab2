import {
  Abort,
  Call,
  Cancel,
  type Dict,
  ErrorMessage,
  Goodbye,
  type Message,
  Payload,
  type Peer,
  Welcome,
  Yield,
} from '@wampkit/protocol';
import { type RealmOptions, Router } from '@wampkit/router';
import { allRoles, FakeClock, ScriptedPeer, turn, type WireMessage } from '@wampkit/testkit';
import { expect } from 'vitest';

/** Who is there: `other` is a second callee or subscriber, `admin` looks after them. */
const actors = ['caller', 'callee', 'other', 'admin'] as const;
export type Actor = (typeof actors)[number];

/** What somebody does: send a message, which may need ids of the run, or lose the transport. */
type Deed = Message | 'drop' | ((stage: Stage) => Message);

/** Somebody does something, or milliseconds pass. What is done arrives before the next step. */
export type Step = readonly [Actor, Deed] | number;

/** Steps, and all that each end gets after they began. */
export interface Row {
  readonly name: string;
  /** What led to it; what is sent meanwhile is not looked at. */
  readonly before?: readonly Step[];
  readonly steps: readonly Step[];
  /** Absent: nothing. */
  readonly caller?: readonly unknown[];
  readonly callee?: readonly unknown[];
  readonly other?: readonly unknown[];
  /** Absent: not looked at. */
  readonly admin?: readonly unknown[];
}

/** Features of a callee that are left out. */
export const without = (...features: readonly string[]): Dict => {
  const { features: all } = allCallee;
  return { features: Object.fromEntries(Object.entries(all).filter(([name]) => !features.includes(name))) };
};

const allCallee = {
  features: {
    call_canceling: true,
    progressive_call_results: true,
    progressive_call_invocations: true,
    call_timeout: true,
    call_reroute: true,
    registration_revocation: true,
  },
};

/** A router, four sessions on peers in memory, and a clock that stands still. */
export class Stage {
  readonly clock: FakeClock = new FakeClock();
  readonly router: Router;
  readonly peers: Record<Actor, ScriptedPeer>;
  readonly #bugs: unknown[] = [];

  private constructor(realm: Partial<RealmOptions>) {
    this.router = new Router({
      clock: this.clock,
      realms: [{ name: 'realm1', ...realm }],
      events: { bug: ({ error }) => this.#bugs.push(error) },
    });
    this.peers = {} as Record<Actor, ScriptedPeer>;
  }

  /** @param options.callee HELLO.Details.roles.callee of `callee`; all features by default */
  static async open(
    options: { readonly realm?: Partial<RealmOptions>; readonly callee?: Dict } = {},
  ): Promise<Stage> {
    const stage = new Stage(options.realm ?? {});
    for (const actor of actors)
      stage.peers[actor] = await stage.join(actor === 'callee' ? options.callee : undefined);
    return stage;
  }

  /** Another session. */
  join(callee: Dict = allCallee): Promise<ScriptedPeer> {
    const roles = {
      ...allRoles,
      callee,
      caller: { features: { progressive_call_invocations: true } },
      subscriber: { features: { subscription_revocation: true } },
    };
    return ScriptedPeer.join((peer: Peer) => this.router.attach(peer), 'realm1', { roles });
  }

  /** Plays a row, compares what everybody got, and sees to it that nothing is left. `gone`: who is not asked. */
  async play(row: Row, gone: readonly Actor[] = []): Promise<void> {
    await this.do(row.before ?? []);
    for (const actor of actors) this.peers[actor].take();
    await this.do(row.steps);
    for (const actor of actors)
      if (!gone.includes(actor) && (actor !== 'admin' || row.admin !== undefined))
        expect(this.peers[actor].take(), actor).toEqual(row[actor] ?? []);
    await this.expectNothingLeft();
  }

  /** Lets steps happen one after the other. */
  async do(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (typeof step === 'number') this.clock.advance(step);
      else if (step[1] === 'drop') await this.peers[step[0]].drop();
      else this.peers[step[0]].send(typeof step[1] === 'function' ? step[1](this) : step[1]);
      await turn();
    }
  }

  /** No call is open, or the router would wait for it; and when all are gone no timer is set. */
  async expectNothingLeft(): Promise<void> {
    for (const peer of Object.values(this.peers)) peer.take();
    const closed = this.router.close({ grace: 60_000 });
    await turn();
    for (const peer of Object.values(this.peers))
      if (peer.closed === null) await peer.exchange(new Goodbye({}, 'wamp.close.goodbye_and_out'));
    for (const [actor, peer] of Object.entries(this.peers)) expect(peer.closed, actor).not.toBeNull();
    await closed;
    expect(this.clock.timers).toBe(0);
    expect(this.#bugs).toEqual([]);
  }

  /** The id in the answer to the latest SUBSCRIBE or REGISTER of an actor. */
  idOf(actor: Actor): number {
    const answer = this.peers[actor].received.findLast(([code]) => code === 33 || code === 65);
    return answer?.[2] as number;
  }
}

/** Rows under their names, for `test.each` with `%s`. */
export function named<R extends { readonly name: string }>(rows: readonly R[]): [string, R][] {
  return rows.map((row) => [row.name, row]);
}

/** The ways in which a session ends; `kill` is admin's doing. */
export const ways = ['GOODBYE', 'ABORT', 'a lost transport', 'a violation', 'a kill'] as const;

/** Ends an actor's session. */
export function ends(actor: Actor, way: (typeof ways)[number]): Step {
  if (way === 'GOODBYE') return [actor, new Goodbye({}, 'wamp.close.close_realm')];
  if (way === 'ABORT') return [actor, new Abort({}, 'com.example.enough')];
  if (way === 'a lost transport') return [actor, 'drop'];
  if (way === 'a violation') return [actor, new Welcome(1, {})];
  return ['admin', killOf(actor)];
}

/** CALL of `wamp.session.kill`. */
export function killOf(actor: Actor, request = 1000): (stage: Stage) => Message {
  return ({ peers }) => new Call(request, {}, 'wamp.session.kill', Payload.of([peers[actor].session]));
}

/** CALL that takes the registration from `callee`. */
export function removeCallee(stage: Stage): Message {
  const args = [stage.idOf('callee'), stage.peers.callee.session];
  return new Call(1001, {}, 'wamp.registration.remove_callee', Payload.of(args));
}

/** CALL of `a.b`, with its own number as argument. */
export function call(request: number, options: Dict = {}): Call {
  return new Call(request, options, 'a.b', Payload.of([request]));
}

export function cancel(request: number, mode?: string): Cancel {
  return new Cancel(request, mode === undefined ? {} : { mode });
}

export function yields(invocation: number): Yield {
  return new Yield(invocation, {}, Payload.of(['done']));
}

export function progress(invocation: number): Yield {
  return new Yield(invocation, { progress: true }, Payload.of(['more']));
}

export function errs(invocation: number, error = 'com.example.error'): ErrorMessage {
  return new ErrorMessage(68, invocation, {}, error);
}

/* What is expected. */

export const result = (request: number): WireMessage => [50, request, {}, ['done']];
export const progressed = (request: number): WireMessage => [50, request, { progress: true }, ['more']];
export const failed = (request: number): WireMessage => [8, 48, request, {}, 'com.example.error'];
/** An ERROR of the router. */
export const refused = (request: number, error: string, type = 48): WireMessage => [
  8,
  type,
  request,
  {},
  `wamp.error.${error}`,
  [expect.any(String)],
];
/** The INVOCATION of `call(number)`. */
export const invocation = (request: number, number: number, details: Dict = {}): WireMessage => [
  68,
  request,
  expect.any(Number),
  details,
  [number],
];
export const interrupt = (request: number, mode = 'killnowait', reason = 'canceled'): WireMessage => [
  69,
  request,
  { mode, reason: `wamp.error.${reason}` },
];

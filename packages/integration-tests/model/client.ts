import {
  Abort,
  Call,
  Cancel,
  CloseUri,
  createPeerPair,
  type Dict,
  ErrorMessage,
  Goodbye,
  Hello,
  type Message,
  MessageCode,
  Payload,
  type Peer,
  Publish,
  Register,
  Subscribe,
  Unregister,
  Unsubscribe,
  Welcome,
  Yield,
} from '@wampkit/protocol';
import { allRoles } from '@wampkit/testkit';
import type { Action } from './action.js';
import { matches } from './naive-match.js';
import type { NaiveRouter } from './naive-router.js';
import { type NaiveSession, SHY } from './naive-session.js';
import { BIG, TappedPeer } from './tapped-peer.js';
import type { Trace } from './trace.js';
import { authids, errors, patterns, uris, usable } from './vocabulary.js';

/** Where clients are attached, and what they know of the rest of the world. */
export interface World {
  readonly trace: Trace;
  readonly model: NaiveRouter;
  readonly strict: boolean;
  /** Ids of all subscriptions and registrations that ever were. */
  readonly subscriptionIds: readonly number[];
  readonly registrationIds: readonly number[];
  attach(peer: Peer): void;
  nextConnection(): number;
}

/** A client that does what actions say, one connection after another. */
export class Client {
  readonly #world: World;
  #near!: Peer;
  #tap!: TappedPeer;
  #connection = -1;
  /** Whether HELLO was sent and GOODBYE was not. */
  #greeted = false;
  #lastRequest = 0;
  #sent = 0;

  constructor(world: World) {
    this.#world = world;
    this.#connect();
  }

  /** Does one thing. Whether it makes sense in the client's state is for router and model to say alike. */
  act(action: Action): void {
    if (!this.#world.model.isOpen(this.#connection)) this.#connect();
    const session = this.#world.model.sessionOn(this.#connection);
    const { verb, a } = action;
    if (verb === 'join') this.#join(action, session);
    else if (verb === 'drop') this.#near.close('dropped');
    else if (verb === 'congest') this.#tap.congest(a % 2 === 0);
    else if (verb === 'shrink') this.#tap.shrink(a % 2 === 0);
    // without a session most verbs break the protocol: now and then they do
    else if (this.#greeted || a % 16 === 0)
      this.#near.send(this.#message(feasible(action, session), session));
    else this.#join(action, session);
  }

  /** Joins in an ordinary way. */
  join(n: number): void {
    this.#hello(n, 0, 'realm1');
  }

  #connect(): void {
    const { trace, attach, nextConnection } = this.#world;
    const [near, far] = createPeerPair();
    this.#near = near;
    this.#greeted = false;
    this.#connection = nextConnection();
    this.#tap = new TappedPeer(far, this.#connection, trace);
    attach(this.#tap);
  }

  #join({ a, b, c }: Action, session: NaiveSession | undefined): void {
    // a second HELLO is a violation, seldom wanted
    if (!this.#greeted || (session !== undefined && c % 16 === 0))
      this.#hello(a, b, c % 16 === 1 ? 'realm2' : 'realm1');
  }

  #hello(a: number, b: number, realm: string): void {
    const features = { call_canceling: b % 4 !== 1, progressive_call_results: b % 4 !== 2 };
    const authextra = { authid: pick(authids, a), authrole: a % 4 === 0 ? SHY : 'open' };
    this.#lastRequest = 0;
    this.#greeted = true;
    this.#near.send(new Hello(realm, { roles: { ...allRoles, callee: { features } }, authextra }));
  }

  #message(action: Action, session: NaiveSession | undefined): Message {
    const { verb, a, b, c } = action;
    const request = (): number => this.#nextRequest(c);
    switch (verb) {
      case 'subscribe': {
        const { uri, match } = pick(patterns, a);
        return new Subscribe(request(), { match }, uri);
      }
      case 'register': {
        const { uri, match } = pick(patterns, a);
        return new Register(request(), { match, disclose_caller: b % 8 === 0 }, uri);
      }
      case 'unsubscribe':
        return new Unsubscribe(request(), this.#heldOr(a, b, session, 'subscriptions'));
      case 'unregister':
        return new Unregister(request(), this.#heldOr(a, b, session, 'registrations'));
      case 'publish':
        return new Publish(
          request(),
          this.#publishOptions(b),
          this.#uri(a, 'subscriptions'),
          this.#payload(c),
        );
      case 'call': {
        const options = { receive_progress: b % 2 === 0, disclose_me: b % 7 === 0 };
        return new Call(request(), options, this.#uri(a, 'registrations'), this.#payload(c));
      }
      case 'cancel': {
        const mode = pick([undefined, 'skip', 'kill', 'killnowait'], b);
        const made = this.#world.model.calls.filter(({ caller }) => caller === session);
        const old = 1 + (a % (this.#lastRequest + 1));
        return new Cancel(c % 5 === 0 ? old : (pick(made, a)?.request ?? old), mode ? { mode } : {});
      }
      case 'yield':
        return new Yield(this.#invocation(a, c, session), {}, this.#payload(b));
      case 'progress':
        return new Yield(this.#invocation(a, c, session), { progress: true }, this.#payload(b));
      case 'error': {
        const invocation = this.#invocation(a, c, session);
        return new ErrorMessage(MessageCode.Invocation, invocation, {}, pick(errors, b), this.#payload(b));
      }
      case 'goodbye':
        this.#greeted = false;
        return new Goodbye({}, CloseUri.CloseRealm);
      case 'abort':
        return new Abort({}, 'com.example.enough');
      default:
        return pick([new Welcome(1, {}), new Publish(0, {}, 'a.b'), new Yield(2 ** 53, {})], a);
    }
  }

  /* Seldom in use or out of turn: allowed or not, as the realm has it. */
  #nextRequest(c: number): number {
    if (c % 128 === 0 && this.#lastRequest > 1) return this.#lastRequest - 1;
    if (c % 128 === 1) this.#lastRequest++;
    return ++this.#lastRequest;
  }

  /* Its own, somebody's, a dead one or none. */
  #heldOr(
    a: number,
    b: number,
    session: NaiveSession | undefined,
    of: 'subscriptions' | 'registrations',
  ): number {
    const { model, subscriptionIds, registrationIds } = this.#world;
    const own = model[of].filter((each) => each.session === session);
    const any = of === 'subscriptions' ? subscriptionIds : registrationIds;
    return (b % 4 === 0 ? null : pick(own, a)?.id.value) ?? pick(any, a) ?? 1 + a;
  }

  /* One it serves, or served, or seldom one that it never got. */
  #invocation(a: number, c: number, session: NaiveSession | undefined): number {
    if (session === undefined) return 1;
    const served = this.#world.model.calls.filter(({ callee }) => callee === session);
    const open = pick(served, a);
    if (c % 6 !== 0 && open !== undefined) return open.invocation;
    const reach = c % 192 === 0 ? session.lastInvocation + 1 : Math.max(1, session.lastInvocation);
    return 1 + (a % reach);
  }

  /* Any, or four times out of five one that somebody is there for. */
  #uri(n: number, of: 'subscriptions' | 'registrations'): string {
    const known = this.#world.model[of];
    const served = usable.filter((uri) => known.some((pattern) => matches(pattern, uri)));
    return n % 5 === 0 || served.length === 0 ? pick(uris, n >> 3) : pick(served, n >> 3);
  }

  #publishOptions(b: number): Dict {
    const ids = this.#world.model.sessions.map(({ id }) => id.value as number);
    const some = <T>(list: readonly T[], n: number): T[] => list.filter((_, index) => (n >> index) % 2 === 1);
    const lists: Dict[] = [
      { exclude: some(ids, b >> 4) },
      { eligible: some(ids, b >> 4) },
      { exclude_authid: some(authids, b >> 5) },
      { eligible_authid: some(authids, b >> 6) },
      { exclude_authrole: some(['open', SHY], b >> 7) },
      { eligible_authrole: some(['open', SHY], b >> 8) },
    ];
    return {
      acknowledge: b % 2 === 0,
      ...(b % 3 === 0 ? { exclude_me: b % 6 === 0 } : {}),
      ...(b % 5 === 0 ? { disclose_me: true } : {}),
      ...(b % 4 === 1 ? pick(lists, b >> 2) : {}),
      ...(b % 16 === 1 ? pick(lists, b >> 3) : {}),
    };
  }

  /* Most say who sent them and which one it is, so that order can be seen. */
  #payload(n: number): Payload {
    if (n % 11 === 0) return Payload.empty;
    const args: unknown[] = [`client ${this.#connection}`, ++this.#sent];
    if (n % 5 === 0) args.push(BIG);
    return Payload.of(args, n % 3 === 0 ? { k: [n], ключ: null } : {});
  }
}

function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}

/* Who was never asked cannot answer: that would be one violation after another. */
function feasible(action: Action, session: NaiveSession | undefined): Action {
  const answers = ['yield', 'progress', 'error'].includes(action.verb);
  return answers && !session?.lastInvocation && action.c % 32 !== 0 ? { ...action, verb: 'call' } : action;
}

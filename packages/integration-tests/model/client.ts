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
import { metaCall } from './meta-call.js';
import { matches, type Pattern } from './naive-match.js';
import { ASKED, type NaiveSession, SHY } from './naive-session.js';
import { BIG, TappedPeer } from './tapped-peer.js';
import { authids, errors, patterns, policies, uris, usable } from './vocabulary.js';
import type { World } from './world.js';

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
    if (!this.#world.model.realm.line(this.#connection).open) this.#connect();
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

  /** Whether the router has said GOODBYE to it. */
  get isLeaving(): boolean {
    return this.#world.model.realm.line(this.#connection).leaving;
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
    trace.input({ kind: 'attached', connection: this.#connection });
    attach(this.#tap);
  }

  #join({ a, b, c }: Action, session: NaiveSession | undefined): void {
    // a second HELLO is a violation, seldom wanted
    if (!this.#greeted || (session !== undefined && c % 16 === 0))
      this.#hello(a, b, c % 16 === 1 ? 'realm2' : 'realm1');
  }

  #hello(a: number, b: number, realm: string): void {
    const authextra = { authid: pick(authids, a), authrole: pick([SHY, ASKED, 'open', 'open'], a) };
    this.#lastRequest = 0;
    this.#greeted = true;
    this.#near.send(new Hello(realm, { roles: rolesOf(b), authextra }));
  }

  #message(action: Action, session: NaiveSession | undefined): Message {
    const { verb, a, b, c } = action;
    const request = (): number => this.#nextRequest(c);
    switch (verb) {
      case 'subscribe': {
        const { uri, match } = pick(patterns, a);
        return new Subscribe(request(), { match, ...(b % 3 === 0 ? { get_retained: true } : {}) }, uri);
      }
      case 'register':
        return this.#register(action);
      case 'unsubscribe':
        return new Unsubscribe(request(), this.#heldOr(a, b, this.#subscriptionsOf(session)));
      case 'unregister':
        return new Unregister(request(), this.#heldOr(a, b, this.#registrationsOf(session)));
      case 'publish':
        return new Publish(request(), this.#publishOptions(b, c), this.#topic(a), this.#payload(c));
      case 'call':
        return new Call(request(), this.#callOptions(b, c), this.#procedure(a), this.#payload(c, true));
      case 'chunk': {
        const open = pick(
          this.#world.model.realm.calls.filter((call) => call.caller === session && call.isOpenEnded),
          a,
        );
        const id = open?.request ?? pick([...(session?.ended ?? [])], a) ?? request();
        const options = { receive_progress: b % 5 === 0, ...(b % 3 === 0 ? {} : { progress: true }) };
        return new Call(id, options, open?.procedure ?? this.#procedure(a), this.#payload(c, true));
      }
      case 'cancel': {
        const mode = pick([undefined, 'skip', 'kill', 'killnowait'], b);
        const made = this.#world.model.realm.calls.filter(({ caller }) => caller === session);
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
      case 'kill':
      case 'revoke':
      case 'inspect':
      case 'history':
      case 'testament': {
        const will = {
          topic: this.#topic(a),
          sender: `testament of ${session?.id.value}`,
          number: ++this.#sent,
          options: this.#publishOptions(b, c),
        };
        const { procedure, args, kwargs = {} } = metaCall(action, this.#world, will);
        return new Call(request(), {}, procedure, Payload.of(args, kwargs));
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

  /* Every other time one that somebody has. */
  #register({ a, b, c }: Action): Register {
    const { registrations } = this.#world.model.realm;
    const known = b % 2 === 0 ? pick(registrations, a) : undefined;
    const { uri, match } = known ?? pick(patterns, a);
    const invoke = known === undefined || c % 8 === 0 ? pick(policies, a >> 4) : known.invoke;
    return new Register(
      this.#nextRequest(c),
      {
        match,
        invoke,
        ...(b % 8 === 0 ? { disclose_caller: true } : {}),
        ...(b % 3 === 0 ? { concurrency: 1 + (c % 2) } : {}),
        ...(b % 4 < 2 ? { forward_timeout: true } : {}),
        ...(c % 9 === 0 ? { force_reregister: true } : {}),
      },
      uri,
    );
  }

  #callOptions(b: number, c: number): Dict {
    return {
      receive_progress: b % 2 === 0,
      disclose_me: b % 7 === 0,
      ...(b % 5 < 2 ? { timeout: this.#world.nextTimeout() } : {}),
      ...(c % 4 === 0 ? { progress: true } : {}),
    };
  }

  /* Seldom in use or out of turn: allowed or not, as the realm has it. */
  #nextRequest(c: number): number {
    if (c % 128 === 0 && this.#lastRequest > 1) return this.#lastRequest - 1;
    if (c % 128 === 1) this.#lastRequest++;
    return ++this.#lastRequest;
  }

  #subscriptionsOf(session: NaiveSession | undefined): Ids {
    const { model, subscriptionIds: any } = this.#world;
    const own = model.realm.subscriptions
      .filter((each) => each.session === session)
      .map(({ id }) => id.value);
    return { own, any };
  }

  #registrationsOf(session: NaiveSession | undefined): Ids {
    const { model, registrationIds: any } = this.#world;
    const held = model.realm.registrations.filter(({ callees }) =>
      callees.some((one) => one.session === session),
    );
    return { own: held.map(({ id }) => id.value), any };
  }

  /* Its own, somebody's, a dead one or none. */
  #heldOr(a: number, b: number, { own, any }: Ids): number {
    return (b % 4 === 0 ? null : pick(own, a)) ?? pick(any, a) ?? 1 + a;
  }

  /* One it serves, or served, or seldom one that it never got. */
  #invocation(a: number, c: number, session: NaiveSession | undefined): number {
    if (session === undefined) return 1;
    const served = this.#world.model.realm.calls.filter(({ callee }) => callee?.session === session);
    const open = pick(served, a);
    if (c % 6 !== 0 && open !== undefined) return open.invocation;
    const reach = c % 192 === 0 ? session.lastInvocation + 1 : Math.max(1, session.lastInvocation);
    return 1 + (a % reach);
  }

  #topic(n: number): string {
    return servedUri(n, this.#world.model.realm.subscriptions);
  }

  #procedure(n: number): string {
    return servedUri(n, this.#world.model.realm.registrations);
  }

  #publishOptions(b: number, c: number): Dict {
    const ids = this.#world.model.realm.sessions.map(({ id }) => id.value as number);
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
      ...(c % 5 < 2 ? { retain: true } : {}),
    };
  }

  /* Most say who sent them and which one it is, so that order can be seen. */
  #payload(n: number, isCall = false): Payload {
    if (n % 11 === 0 && !isCall) return Payload.empty;
    const args: unknown[] = [`client ${this.#connection}`, ++this.#sent];
    if (n % 5 === 0) args.push(BIG);
    return Payload.of(args, n % 3 === 0 ? { k: [n], ключ: null } : {});
  }
}

function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}

interface Ids {
  readonly own: readonly (number | null)[];
  readonly any: readonly number[];
}

/* Any, or four times out of five one that somebody is there for. */
function servedUri(n: number, known: readonly Pattern[]): string {
  const served = usable.filter((uri) => known.some((pattern) => matches(pattern, uri)));
  return n % 5 === 0 || served.length === 0 ? pick(uris, n >> 3) : pick(served, n >> 3);
}

/* Features that are left out one at a time, more or less. */
function rolesOf(b: number): Dict {
  return {
    ...allRoles,
    caller: { features: { progressive_call_invocations: b % 8 !== 3 } },
    subscriber: { features: { subscription_revocation: b % 2 === 0 } },
    callee: {
      features: {
        call_canceling: b % 4 !== 1,
        progressive_call_results: b % 8 !== 2,
        progressive_call_invocations: b % 8 !== 4,
        call_timeout: b % 3 === 0,
        call_reroute: b % 3 !== 1,
        registration_revocation: b % 2 === 0,
      },
    },
  };
}

/* Who was never asked cannot answer: that would be one violation after another. */
function feasible(action: Action, session: NaiveSession | undefined): Action {
  const answers = ['yield', 'progress', 'error'].includes(action.verb);
  return answers && !session?.lastInvocation && action.c % 32 !== 0 ? { ...action, verb: 'call' } : action;
}

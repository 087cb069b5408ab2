import { CloseUri, ErrorUri, MessageCode } from '@wampkit/protocol';
import { histories } from './naive-realm.js';
import type { Effect, Input, Step, Trace } from './trace.js';

interface OpenCall {
  readonly caller: Joined;
  readonly request: number;
  /** What the payloads of its CALLs begin with: who made it, and a number. One may have been discarded (PCI-07). */
  readonly payloads: string[];
  /** Whether it went to a callee before: then it may come to the next one late. */
  isRerouted: boolean;
}

interface Joined {
  readonly id: number;
  readonly subscriptions: Set<number>;
  readonly registrations: Set<number>;
  readonly calls: Map<number, OpenCall>;
  readonly invocations: Map<number, OpenCall>;
  /** The last number seen of each sender, of events and of invocations. */
  readonly events: Map<unknown, number>;
  readonly calledBy: Map<unknown, number>;
}

/**
 * Walks through a trace and checks what must hold whatever the model says: one final answer a call (BP-RPC-07), the
 * order of events and invocations (BP-ORD), nothing before SUBSCRIBED and REGISTERED or after UNSUBSCRIBED and
 * UNREGISTERED, ids that never repeat, nothing for a session that is gone, nothing after GOODBYE and ABORT.
 *
 * @throws {Error} naming the step and what is wrong
 */
export function checkInvariants(trace: Trace, options: { readonly scarceIds: boolean }): void {
  const walk = new Walk(options.scarceIds);
  for (const [n, step] of trace.steps.entries()) {
    try {
      walk.step(step);
    } catch (error) {
      throw new Error(`step ${n}: ${JSON.stringify(step)}`, { cause: error });
    }
  }
}

class Walk {
  readonly #scarceIds: boolean;
  readonly #joined = new Map<number, Joined>();
  readonly #closed = new Set<number>();
  /** Connections on which nothing may be sent: for ever, or until something comes after GOODBYE was answered. */
  readonly #silent = new Map<number, 'for ever' | 'for now'>();
  /** Ids of each kind that ever were. */
  readonly #used = new Map<string, Set<number>>();
  readonly #publications = new Set<number>();

  constructor(scarceIds: boolean) {
    this.#scarceIds = scarceIds;
  }

  step({ input, effects }: Step): void {
    const message = input.kind === 'message' ? input.message : null;
    const sender = this.#joined.get(input.connection ?? -1);
    if (message !== null && this.#silent.get(input.connection as number) === 'for now')
      this.#silent.delete(input.connection as number);
    if (message?.code === MessageCode.Call && sender !== undefined)
      noteCall(sender, message.request, message.payload.args());
    const answered = sender === undefined ? undefined : this.#answered(sender, input);
    this.#publications.clear();
    for (const effect of effects) this.#effect(effect, input);
    for (const publication of this.#publications) this.#use('publication', publication);
    if (answered !== undefined) check(!isOpen(answered), 'a final answer was not passed on');
  }

  /** The call that an input must end. */
  #answered(callee: Joined, input: Input): OpenCall | undefined {
    const message = input.kind === 'message' ? input.message : null;
    if (message?.code !== MessageCode.Yield && message?.code !== MessageCode.Error) return undefined;
    const call = callee.invocations.get(message.request);
    if (message.code === MessageCode.Yield) return message.options.progress === true ? undefined : call;
    if (message.error !== ErrorUri.Unavailable) return call;
    // it may go on elsewhere
    callee.invocations.delete(message.request);
    if (call !== undefined) call.isRerouted = true;
    return undefined;
  }

  #effect(effect: Effect, input: Input): void {
    const [kind, connection, code, ...rest] = effect as ['send', number, number, ...unknown[]];
    if ((kind as string) === 'close') this.#closed.add(connection);
    if ((kind as string) === 'left') this.#leave(this.#byId(connection));
    if (kind !== 'send') return;
    check(!this.#closed.has(connection), 'sent after the end');
    check(!this.#silent.has(connection), 'sent after GOODBYE or ABORT');
    if (code === MessageCode.Welcome) this.#join(connection, rest[0] as number);
    if (code === MessageCode.Goodbye || code === MessageCode.Abort)
      this.#silent.set(connection, rest[1] === CloseUri.GoodbyeAndOut ? 'for now' : 'for ever');
    if (code <= MessageCode.Goodbye) return;
    const session = this.#joined.get(connection);
    if (session === undefined) throw new Error(`message type ${code} for a session that is gone`);
    this.#send(session, { code, rest, input });
  }

  #send(session: Joined, sent: { code: number; rest: unknown[]; input: Input }): void {
    const { code, rest, input } = sent;
    const [first, second, third, fourth] = rest as [number, number, unknown, unknown[]?];
    const asked = input.kind === 'message' ? input.message : null;
    switch (code) {
      case MessageCode.Subscribed:
        if (!this.#isHeld('subscriptions', second) && !isLasting(input)) this.#use('subscription', second);
        session.subscriptions.add(second);
        return;
      case MessageCode.Unsubscribed:
        if (first === 0) session.subscriptions.delete((second as unknown as Revocation).subscription);
        else if (asked?.code === MessageCode.Unsubscribe) session.subscriptions.delete(asked.subscription);
        else throw new Error('UNSUBSCRIBED unasked');
        return;
      case MessageCode.Event:
        this.#event(session, { subscription: first, publication: second, details: third, args: fourth });
        return;
      case MessageCode.Published:
        this.#publications.add(second);
        return;
      case MessageCode.Registered:
        if (!this.#isHeld('registrations', second)) this.#use('registration', second);
        session.registrations.add(second);
        return;
      case MessageCode.Unregistered:
        if (first === 0) session.registrations.delete((second as unknown as Revocation).registration);
        else if (asked?.code === MessageCode.Unregister) session.registrations.delete(asked.registration);
        else throw new Error('UNREGISTERED unasked');
        return;
      case MessageCode.Invocation:
        this.#invocation(session, { invocation: first, registration: second, args: fourth ?? [] });
        return;
      case MessageCode.Result:
        check(session.calls.has(first), 'RESULT of no open call');
        if ((second as unknown as { progress?: boolean }).progress !== true) session.calls.delete(first);
        return;
      case MessageCode.Error:
        if (first === MessageCode.Call) check(session.calls.delete(second), `ERROR of no open call ${third}`);
        return;
      default:
    }
  }

  #event(
    session: Joined,
    event: { subscription: number; publication: number; details: unknown; args: unknown[] | undefined },
  ): void {
    check(session.subscriptions.has(event.subscription), 'EVENT without subscription');
    // what is retained was published before
    if ((event.details as { retained?: boolean }).retained === true) return;
    this.#publications.add(event.publication);
    inOrder(session.events, event.args, (last, next) => last <= next);
  }

  #invocation(callee: Joined, of: { invocation: number; registration: number; args: unknown[] }): void {
    const { invocation, registration, args } = of;
    const known = callee.invocations.get(invocation);
    const call = known ?? this.#callOf(args);
    if (call === undefined) throw new Error('INVOCATION without call');
    if (known === undefined) {
      check(callee.registrations.has(registration), 'INVOCATION without registration');
      callee.invocations.set(invocation, call);
    }
    // BP-ORD-02: calls that wait for the same callees, and the chunks of one call
    const key = known === undefined ? `${registration} ${args[0]}` : `chunks of ${invocation}`;
    if (known !== undefined || !call.isRerouted)
      inOrder(callee.calledBy, [key, args[1]], (last, next) => last < next);
  }

  /** The open call that began with a payload. */
  #callOf(args: unknown[]): OpenCall | undefined {
    for (const { calls } of this.#joined.values())
      for (const call of calls.values()) if (call.payloads.includes(keyOf(args))) return call;
    return undefined;
  }

  #join(connection: number, id: number): void {
    check(![...this.#joined.values()].some((session) => session.id === id), 'the session id is in use');
    this.#use('session', id);
    this.#joined.set(connection, {
      id,
      subscriptions: new Set(),
      registrations: new Set(),
      calls: new Map(),
      invocations: new Map(),
      events: new Map(),
      calledBy: new Map(),
    });
  }

  #leave(session: Joined): void {
    for (const [connection, joined] of this.#joined) if (joined === session) this.#joined.delete(connection);
    session.calls.clear();
    for (const call of session.invocations.values()) check(!isOpen(call), 'a call outlived its callee');
  }

  #isHeld(what: 'subscriptions' | 'registrations', id: number): boolean {
    return [...this.#joined.values()].some((session) => session[what].has(id));
  }

  #byId(id: number): Joined {
    const found = [...this.#joined.values()].find((session) => session.id === id);
    if (found === undefined) throw new Error(`session ${id} left twice, or never joined`);
    return found;
  }

  #use(kind: string, id: number): void {
    if (this.#scarceIds) return;
    const used = this.#used.get(kind) ?? new Set();
    check(!used.has(id), `the ${kind} id ${id} was used before`);
    this.#used.set(kind, used.add(id));
  }
}

interface Revocation {
  readonly subscription: number;
  readonly registration: number;
}

function noteCall(caller: Joined, request: number, args: readonly unknown[]): void {
  const call = caller.calls.get(request) ?? { caller, request, payloads: [], isRerouted: false };
  caller.calls.set(request, call);
  call.payloads.push(keyOf(args));
}

function keyOf([sender, number]: readonly unknown[]): string {
  return `${sender} ${number}`;
}

function isOpen(call: OpenCall): boolean {
  return call.caller.calls.get(call.request) === call;
}

/** Whether a SUBSCRIBE asks for what is kept without subscribers too. */
function isLasting(input: Input): boolean {
  if (input.kind !== 'message' || input.message.code !== MessageCode.Subscribe) return false;
  const { topic, options } = input.message;
  return histories.some((history) => history.topic === topic && history.match === options.match);
}

function inOrder(
  seen: Map<unknown, number>,
  args: unknown[] | undefined,
  fit: (last: number, next: number) => boolean,
): void {
  const [sender, number] = args ?? [];
  if (typeof sender !== 'string' || typeof number !== 'number') return;
  check(fit(seen.get(sender) ?? 0, number), `out of order: ${number} of ${sender}`);
  seen.set(sender, number);
}

function check(holds: boolean, text: string): void {
  if (!holds) throw new Error(text);
}

import { MessageCode } from '@wampkit/protocol';
import type { Effect, Step, Trace } from './trace.js';

interface OpenCall {
  readonly caller: Joined;
  readonly request: number;
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
 * order of events and invocations (BP-ORD), nothing before SUBSCRIBED and REGISTERED or after UNSUBSCRIBED, ids that
 * never repeat, nothing for a session that is gone.
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
  /** Ids of each kind that ever were. */
  readonly #used = new Map<string, Set<number>>();
  #publication = 0;

  constructor(scarceIds: boolean) {
    this.#scarceIds = scarceIds;
  }

  step({ input, effects }: Step): void {
    const sender = this.#joined.get(input.connection);
    const message = input.kind === 'message' ? input.message : null;
    this.#publication = 0;
    if (message?.code === MessageCode.Call && sender?.calls.has(message.request) === false)
      sender.calls.set(message.request, { caller: sender, request: message.request });
    const asked = message?.code === MessageCode.Call ? sender?.calls.get(message.request) : undefined;
    const answered =
      message?.code === MessageCode.Error ||
      (message?.code === MessageCode.Yield && message.options.progress !== true)
        ? sender?.invocations.get(message.request)
        : undefined;
    const left = effects.filter(([kind]) => kind === 'left').map(([, id]) => this.#byId(id as number));
    for (const [index, effect] of effects.entries()) this.#effect(effect, { input, asked, index });
    for (const session of left) this.#leave(session);
    const isAlive = sender !== undefined && this.#joined.get(input.connection) === sender;
    if (isAlive && asked !== undefined && ![...this.#all('invocations')].includes(asked))
      check(!sender.calls.has(asked.request), 'a call was neither passed on nor answered');
    if (answered !== undefined) check(!isOpen(answered), 'a final answer was not passed on');
  }

  #effect(effect: Effect, at: { input: Step['input']; asked: OpenCall | undefined; index: number }): void {
    const [kind, connection, code, ...rest] = effect as ['send', number, number, ...unknown[]];
    if (kind !== 'send') {
      if ((kind as string) === 'close') this.#closed.add(connection);
      return;
    }
    check(!this.#closed.has(connection), 'sent after the end');
    if (code === MessageCode.Welcome) this.#join(connection, rest[0] as number);
    const session = this.#joined.get(connection);
    if (code <= MessageCode.Goodbye) return;
    if (session === undefined) throw new Error(`message type ${code} for a session that is gone`);
    this.#send(session, { code, rest, ...at });
  }

  #send(
    session: Joined,
    sent: { code: number; rest: unknown[]; input: Step['input']; asked?: OpenCall | undefined },
  ): void {
    const { code, rest, input, asked } = sent;
    const [first, second, third, fourth] = rest as [number, number, unknown, unknown[]?];
    switch (code) {
      case MessageCode.Subscribed:
        if (!this.#isHeld('subscriptions', second)) this.#use('subscription', second);
        session.subscriptions.add(second);
        return;
      case MessageCode.Unsubscribed:
        check(
          input.kind === 'message' && input.message.code === MessageCode.Unsubscribe,
          'UNSUBSCRIBED unasked',
        );
        session.subscriptions.delete((input as { message: { subscription: number } }).message.subscription);
        return;
      case MessageCode.Event:
        check(session.subscriptions.has(first), 'EVENT without subscription');
        this.#published(second);
        inOrder(session.events, fourth, (last, next) => last <= next);
        return;
      case MessageCode.Published:
        this.#published(second);
        return;
      case MessageCode.Registered:
        check(!this.#isHeld('registrations', second), 'the registration id is in use');
        this.#use('registration', second);
        session.registrations.add(second);
        return;
      case MessageCode.Invocation:
        check(
          session.registrations.has(second) && asked !== undefined,
          'INVOCATION without registration or call',
        );
        session.invocations.set(first, asked as OpenCall);
        inOrder(session.calledBy, fourth, (last, next) => last < next);
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

  /* UNREGISTERED is not followed: calls under way may go on (A23), and the model knows the rest. */
  #isHeld(what: 'subscriptions' | 'registrations', id: number): boolean {
    if (what === 'registrations' && this.#scarceIds) return false;
    return [...this.#joined.values()].some((session) => session[what].has(id));
  }

  #all(what: 'invocations'): OpenCall[] {
    return [...this.#joined.values()].flatMap((session) => [...session[what].values()]);
  }

  #byId(id: number): Joined {
    const found = [...this.#joined.values()].find((session) => session.id === id);
    if (found === undefined) throw new Error(`session ${id} left twice, or never joined`);
    return found;
  }

  #published(publication: number): void {
    if (this.#publication === 0) this.#use('publication', publication);
    else check(this.#publication === publication, 'one publication with two ids');
    this.#publication = publication;
  }

  #use(kind: string, id: number): void {
    if (this.#scarceIds) return;
    const used = this.#used.get(kind) ?? new Set();
    check(!used.has(id), `the ${kind} id ${id} was used before`);
    this.#used.set(kind, used.add(id));
  }
}

function isOpen(call: OpenCall): boolean {
  return call.caller.calls.get(call.request) === call;
}

function inOrder(
  seen: Map<unknown, number>,
  args: unknown[] | undefined,
  fit: (last: number, next: number) => boolean,
): void {
  if (args === undefined) return;
  const [sender, number] = args as [string, number];
  check(fit(seen.get(sender) ?? 0, number), `out of order: ${number} of ${sender}`);
  seen.set(sender, number);
}

function check(holds: boolean, text: string): void {
  if (!holds) throw new Error(text);
}

import {
  CanceledError,
  ConnectionLostError,
  type Dict,
  ErrorMessage,
  ErrorUri,
  type Interrupt,
  type Invocation,
  MessageCode,
  Register,
  type Registered,
  RequestError,
  Unregister,
  type WampError,
} from '@wampkit/protocol';
import { orAborted, throwIfAborted } from '../abort-signal.js';
import type { Backoff } from '../connection/backoff.js';
import type { Hooks } from '../hooks.js';
import { limits } from '../limits.js';
import { type RegisterOptions, wireOptions } from '../options.js';
import { type EndReason, giveBack } from '../session/kept.js';
import { request } from '../session/request.js';
import type { Session } from '../session/session.js';
import { RunningInvocation } from './invocation.js';
import type { InvocationHandler } from './invocation-context.js';
import { Registration } from './registration.js';

/** A registration as the wire sees it. */
interface WireRegistration {
  readonly key: string;
  readonly registration: Registration;
  readonly handler: InvocationHandler;
  /** `null` before REGISTERED and while there is no session. */
  id: number | null;
  /** Whether a REGISTER waits for its answer. */
  pending: boolean;
  /** Given up; while pending it keeps its place, as UNREGISTER follows REGISTERED. */
  released: boolean;
}

/** All registrations of a client; they outlive its sessions. The invocations that run do not. */
export class Registrations {
  readonly #hooks: Hooks;
  readonly #backoff: () => Backoff;
  /** By procedure and match policy: a session has one place in a registration, so it may hold it once. */
  readonly #wires = new Map<string, WireRegistration>();
  readonly #byId = new Map<number, WireRegistration>();
  readonly #invocations = new Map<number, RunningInvocation>();
  /** Invocations that ended before their last chunk: what comes of them is late (PCI-08). */
  readonly #late = new Set<number>();
  #session: Session | null = null;

  constructor(hooks: Hooks, backoff: () => Backoff) {
    this.#hooks = hooks;
    this.#backoff = backoff;
  }

  /** To be called while there is a session that is established. */
  async register(
    procedure: string,
    handler: InvocationHandler,
    options: RegisterOptions,
  ): Promise<Registration> {
    const what = `register "${procedure}"`;
    throwIfAborted(options.signal, what);
    const session = this.#session as Session;
    const wire = this.#claim(procedure, handler, options);
    try {
      await orAborted(this.#send(wire, session), options.signal, what);
    } catch (error) {
      this.#release(wire).catch(() => {});
      throw error;
    }
    wire.registration.heedSignal(this.#hooks, what);
    return wire.registration;
  }

  invoke(message: Invocation): void {
    const session = this.#session as Session;
    const { request } = message;
    const running = this.#invocations.get(request);
    const wire = this.#byId.get(message.registration);
    if (running !== undefined) running.add(message);
    else if (this.#late.has(request)) {
      if (message.details.progress !== true) this.#late.delete(request);
    } else if (wire === undefined) {
      // It races with UNREGISTER. The caller waits for an answer.
      session.send(new ErrorMessage(MessageCode.Invocation, request, {}, ErrorUri.NoSuchProcedure));
    } else {
      const invocation = new RunningInvocation(message, {
        session,
        hooks: this.#hooks,
        registration: wire.registration,
        finished: (open) => this.#finished(request, open),
      });
      this.#invocations.set(request, invocation);
      invocation.run(wire.handler);
    }
  }

  #finished(request: number, open: boolean): void {
    this.#invocations.delete(request);
    if (!open) return;
    this.#late.add(request);
    for (const oldest of this.#late) {
      if (this.#late.size <= limits.lateInvocations) break;
      this.#late.delete(oldest);
    }
  }

  /** An unknown id races with the answer: no violation (CAN-09). */
  interrupt(message: Interrupt): void {
    this.#invocations.get(message.request)?.interrupt(message);
  }

  /** UNREGISTERED that nobody asked for (RREV-03). */
  revoke(id: number, { reason }: Dict): void {
    const wire = this.#byId.get(id);
    if (wire === undefined) return;
    this.#forget(wire);
    wire.registration.revoke(`registration of "${wire.registration.procedure}"`, reason);
  }

  /** Registers everything again, in a new session. */
  attach(session: Session): void {
    this.#session = session;
    for (const wire of this.#wires.values()) void this.#restore(wire, session);
  }

  /** The session is over; another may come. */
  detach(reason: WampError): void {
    this.#session = null;
    this.#byId.clear();
    for (const wire of this.#wires.values()) {
      wire.id = null;
      wire.pending = false;
      if (wire.released) this.#wires.delete(wire.key);
    }
    for (const invocation of [...this.#invocations.values()]) invocation.discard(reason);
    this.#late.clear();
  }

  /** No session will come. */
  end(reason: EndReason, error: WampError): void {
    this.detach(error);
    for (const { registration } of this.#wires.values()) registration.finish(reason);
    this.#wires.clear();
  }

  #claim(procedure: string, handler: InvocationHandler, options: RegisterOptions): WireRegistration {
    const key = `${options.match ?? 'exact'} ${procedure}`;
    if (this.#wires.has(key)) {
      const text = `register "${procedure}": this client has registered it already`;
      throw new RequestError(text, { uri: ErrorUri.ProcedureAlreadyExists });
    }
    const registration = new Registration(procedure, options, {
      id: () => wire.id,
      release: () => this.#release(wire),
    });
    const wire = { key, registration, handler, id: null, pending: false, released: false };
    this.#wires.set(key, wire);
    return wire;
  }

  async #send(wire: WireRegistration, session: Session): Promise<void> {
    const { procedure, options } = wire.registration;
    wire.pending = true;
    try {
      await request<Registered>(session, {
        type: MessageCode.Register,
        what: `register "${procedure}"`,
        make: (id) => new Register(id, wireOptions(options), procedure),
        answered: ({ registration }) => this.#registered(wire, registration),
      });
    } catch (error) {
      wire.pending = false;
      if (wire.released) this.#forget(wire);
      throw error;
    }
  }

  // Before what is behind REGISTERED: those invocations are for it (BP-ORD-03).
  #registered(wire: WireRegistration, id: number): void {
    wire.pending = false;
    wire.id = id;
    if (wire.released) this.#release(wire).catch(() => {});
    else this.#byId.set(id, wire);
  }

  async #restore(wire: WireRegistration, session: Session): Promise<void> {
    const backoff = this.#backoff();
    for (let retry = 0; session.established && !wire.released; retry++) {
      try {
        return await this.#send(wire, session);
      } catch (error) {
        if (error instanceof ConnectionLostError || wire.released) return;
        if (retry >= limits.registrationRetries || !isHeldElsewhere(error))
          return this.#restoreFailed(wire, error as WampError);
      }
      // The router may not yet know that the session before is dead.
      await new Promise<void>((resolve) => {
        session.clock.setTimer(backoff.next(), resolve);
      });
    }
  }

  #restoreFailed(wire: WireRegistration, error: WampError): void {
    this.#forget(wire);
    this.#hooks.report(error, `restored registration of "${wire.registration.procedure}"`);
    wire.registration.finish({ type: 'failed', error });
  }

  async #release(wire: WireRegistration): Promise<void> {
    wire.released = true;
    const { registration } = wire;
    const reason = new CanceledError(`"${registration.procedure}" was unregistered`);
    for (const invocation of [...this.#invocations.values()])
      if (invocation.registration === registration) invocation.abort(reason);
    if (wire.pending) return;
    const { id } = wire;
    this.#forget(wire);
    const session = this.#session;
    if (id !== null && session?.established) await this.#unregister(session, registration.procedure, id);
  }

  #unregister(session: Session, procedure: string, registration: number): Promise<void> {
    const spec = {
      type: MessageCode.Unregister,
      what: `unregister "${procedure}"`,
      make: (id: number) => new Unregister(id, registration),
    };
    return giveBack(session, spec, ErrorUri.NoSuchRegistration);
  }

  #forget(wire: WireRegistration): void {
    if (this.#wires.get(wire.key) === wire) this.#wires.delete(wire.key);
    if (wire.id !== null && this.#byId.get(wire.id) === wire) this.#byId.delete(wire.id);
    wire.id = null;
    wire.released = true;
  }
}

function isHeldElsewhere(error: unknown): boolean {
  return error instanceof RequestError && error.uri === ErrorUri.ProcedureAlreadyExists;
}

import {
  CloseUri,
  ErrorUri,
  type Hello,
  type Message,
  MessageCode,
  Payload,
  Publish,
} from '@wampkit/protocol';
import { isAskedAbout } from './is-asked-about.js';
import { announce, publish, subscribe, tellUnsubscribed, unsubscribe } from './naive-broker.js';
import { call, cancel, errs, expire, leaveCalls, serveWaiting, yields } from './naive-dealer.js';
import { serveMeta } from './naive-meta-api.js';
import { admitRequest, NaiveRealm, NaiveViolation, patience, type Rules } from './naive-realm.js';
import { calleesOf, register, removeCallee, unregister } from './naive-registry.js';
import { NaiveSession } from './naive-session.js';
import { anything } from './placeholder.js';
import type { Effect, Input, NaiveVerdict } from './trace.js';

/** The engine's behaviour in plain lists: each question is answered by looking through all there is. */
export class NaiveRouter {
  readonly realm: NaiveRealm;

  constructor(rules: Rules) {
    this.realm = new NaiveRealm(rules);
  }

  /** The session on a connection, if it has joined. */
  sessionOn(connection: number): NaiveSession | undefined {
    return this.realm.sessions.find((session) => session.connection === connection);
  }

  /**
   * Takes an input and gives what the router must do.
   *
   * @param hints what it did: which callee chance chose, and which slow session was ended first, is for it to say
   */
  take(input: Input, hints: readonly Effect[] = []): readonly Effect[] {
    const { realm } = this;
    realm.effects = [];
    realm.hints = hints;
    if (input.kind === 'time') this.#pass(input.ms);
    else {
      const line = realm.line(input.connection);
      if (input.kind === 'congested') line.congested = input.on;
      else if (input.kind === 'small') line.small = input.on;
      else if (input.kind === 'verdict') this.#takeVerdict(input.connection, input.verdict);
      else if (input.kind !== 'attached' && line.open)
        this.#takeFromOpen(input.connection, input.kind === 'end' ? null : input.message);
    }
    return realm.effects;
  }

  #pass(ms: number): void {
    const { realm } = this;
    const end = realm.now + ms;
    for (let next = realm.nextDue(); next <= end; next = realm.nextDue()) {
      realm.now = next;
      expire(realm);
      for (const [connection, line] of realm.lateLines()) {
        if (!line.leaving && !line.hadSession)
          realm.effects.push(['send', connection, 3, anything, ErrorUri.Timeout]);
        realm.close(connection);
      }
    }
    realm.now = end;
  }

  #takeFromOpen(connection: number, message: Message | null): void {
    const session = this.sessionOn(connection);
    if (message === null || message.code === MessageCode.Abort) {
      if (session !== undefined) this.#leave(session);
      this.realm.close(connection);
    } else if (this.realm.line(connection).leaving) {
      if (message.code === MessageCode.Goodbye) this.realm.close(connection);
    } else if (session === undefined) this.#greet(connection, message);
    else if (message.code === MessageCode.Goodbye) {
      this.realm.send(session, 6, {}, CloseUri.GoodbyeAndOut);
      this.#leave(session);
      this.realm.line(connection).deadline = this.realm.now + patience.handshake;
    } else if (isAskedAbout(this.realm, session, message)) session.waiting = message;
    else this.#serveOrAbort(session, message);
  }

  /* What was decided is done now, and not as it would have been when it was asked for. */
  #takeVerdict(connection: number, verdict: NaiveVerdict): void {
    const session = this.sessionOn(connection);
    const message = session?.waiting;
    if (session === undefined || !message) return;
    session.waiting = null;
    if (verdict !== true)
      this.realm.denial = verdict === null ? ErrorUri.AuthorizationFailed : ErrorUri.NotAuthorized;
    this.#serveOrAbort(session, message);
    this.realm.denial = null;
  }

  #greet(connection: number, message: Message): void {
    const refuse = (reason: string): void => {
      this.realm.effects.push(['send', connection, 3, anything, reason]);
      this.realm.close(connection);
    };
    if (message.code !== MessageCode.Hello) {
      this.realm.effects.push(['violation', connection]);
      refuse(ErrorUri.ProtocolViolation);
    } else if (message.realm !== 'realm1') refuse(ErrorUri.NoSuchRealm);
    else this.#join(connection, message);
  }

  #join(connection: number, hello: Hello): void {
    const { realm } = this;
    const session = new NaiveSession(connection, hello);
    const { id, authid, authrole } = session;
    const line = realm.line(connection);
    line.deadline = null;
    line.hadSession = true;
    const how = { authmethod: 'anonymous', authprovider: 'static', transport: { type: 'memory' } };
    announce(realm, 'wamp.session.on_join', [{ session: id, authid, authrole, ...how }]);
    realm.sessions.push(session);
    realm.send(session, 2, id, anything);
  }

  #serveOrAbort(session: NaiveSession, message: Message): void {
    try {
      this.#serve(session, message);
    } catch (error) {
      if (!(error instanceof NaiveViolation)) throw error;
      this.realm.effects.push(['violation', session.connection]);
      this.#abort(session, ErrorUri.ProtocolViolation);
    }
  }

  #serve(session: NaiveSession, message: Message): void {
    const { realm } = this;
    switch (message.code) {
      case MessageCode.Call:
        call(realm, session, message, (caller, meta) => this.#serveMeta(caller, meta));
        return;
      case MessageCode.Cancel:
        cancel(realm, session, message);
        return;
      case MessageCode.Yield:
        yields(realm, session, message);
        return;
      case MessageCode.Error:
        errs(realm, session, message);
        return;
      case MessageCode.Publish:
        admitRequest(realm, session, message.request);
        publish(realm, session, message, (slow, reason) => this.#abort(slow, reason));
        return;
      case MessageCode.Subscribe:
        admitRequest(realm, session, message.request);
        subscribe(realm, session, message, (slow, reason) => this.#abort(slow, reason));
        return;
      case MessageCode.Unsubscribe:
        admitRequest(realm, session, message.request);
        unsubscribe(realm, session, message);
        return;
      case MessageCode.Register:
      case MessageCode.Unregister: {
        admitRequest(realm, session, message.request);
        const changed =
          message.code === MessageCode.Register
            ? register(realm, session, message)
            : unregister(realm, session, message);
        if (changed !== null) serveWaiting(realm, changed);
        return;
      }
      default:
        throw new NaiveViolation();
    }
  }

  #serveMeta(caller: NaiveSession, message: Message & { code: 48 }): boolean {
    return serveMeta(this.realm, caller, {
      message,
      kill: (session, { message: text, reason }) => {
        const line = this.realm.line(session.connection);
        this.realm.send(session, 6, text === undefined ? {} : { message: text }, reason ?? CloseUri.Killed);
        line.leaving = true;
        line.deadline = this.realm.now + patience.goodbye;
        this.#leave(session);
      },
    });
  }

  #abort(session: NaiveSession, reason: string): void {
    this.realm.send(session, 3, anything, reason);
    this.#leave(session);
    this.realm.close(session.connection);
  }

  /* Nothing of it stays (BP-SESS-07). */
  #leave(session: NaiveSession): void {
    const { realm } = this;
    realm.sessions = realm.sessions.filter((each) => each !== session);
    const held = realm.subscriptions.filter((each) => each.session === session);
    realm.subscriptions = realm.subscriptions.filter((each) => each.session !== session);
    if (!session.quiet) this.#publishTestaments(session);
    for (const subscription of held) tellUnsubscribed(realm, subscription);
    const callees = calleesOf(realm, session);
    for (const callee of callees) removeCallee(realm, callee);
    leaveCalls(realm, session);
    for (const { registration } of callees) serveWaiting(realm, registration);
    if (!session.quiet)
      announce(realm, 'wamp.session.on_leave', [session.id, session.authid, session.authrole]);
    realm.effects.push(['left', session.id]);
  }

  /* TEST-03 */
  #publishTestaments(session: NaiveSession): void {
    for (const wanted of ['detached', 'destroyed'])
      for (const { scope, topic, options, tail } of session.testaments) {
        if (scope !== wanted) continue;
        const payload = Payload.of(...(tail as [unknown[]]));
        publish(
          this.realm,
          session,
          new Publish(1, { ...options, acknowledge: false }, topic, payload),
          () => {},
        );
      }
  }
}

import { type Connection, isDict, isId } from './connection.js';
import { Code, codeName } from './message-code.js';
import { equal, fail, inText, ok } from './outcome.js';

/** Options and Details as sent. */
export type Dict = Readonly<Record<string, unknown>>;

/** Every role with every feature that the checks use. */
export const allRoles: Readonly<Record<string, { features: Record<string, boolean> }>> = {
  caller: {
    features: { call_canceling: true, caller_identification: true, progressive_call_results: true },
  },
  callee: {
    features: {
      call_canceling: true,
      caller_identification: true,
      pattern_based_registration: true,
      progressive_call_results: true,
      shared_registration: true,
    },
  },
  publisher: {
    features: {
      publisher_exclusion: true,
      publisher_identification: true,
      subscriber_blackwhite_listing: true,
    },
  },
  subscriber: { features: { pattern_based_subscription: true, publisher_identification: true } },
};

/** An open session: requests with ids in sequence, replies by id. */
export class Session {
  readonly connection: Connection;
  readonly id: number;
  readonly details: Record<string, unknown>;
  #requests = 0;

  private constructor(connection: Connection, id: number, details: Record<string, unknown>) {
    this.connection = connection;
    this.id = id;
    this.details = details;
  }

  /** Sends HELLO and expects WELCOME. */
  static async join(
    connection: Connection,
    realm: string,
    details: Dict = { roles: allRoles },
  ): Promise<Session> {
    connection.send([Code.HELLO, realm, details]);
    const welcome = await connection.next(Code.WELCOME);
    const [, id, welcomeDetails] = welcome;
    ok(isId(id) && isDict(welcomeDetails), `malformed WELCOME: ${inText(welcome)}`);
    return new Session(connection, id, welcomeDetails);
  }

  /** The id of the last request. */
  get lastRequest(): number {
    return this.#requests;
  }

  /** Whether WELCOME announced a feature of the router's role. */
  announces(role: 'broker' | 'dealer', feature: string): boolean {
    const roles = this.details.roles;
    const announced = isDict(roles) ? roles[role] : undefined;
    return isDict(announced) && isDict(announced.features) && announced.features[feature] === true;
  }

  send(message: readonly unknown[]): void {
    this.connection.send(message);
  }

  /** Sends a request with the next id, `[code, id, ...rest]`; returns the id. */
  request(code: number, ...rest: readonly unknown[]): number {
    this.#requests++;
    this.send([code, this.#requests, ...rest]);
    return this.#requests;
  }

  /** Waits for the reply to a request; an ERROR or ABORT instead of it fails. */
  async reply(code: number, request: number): Promise<readonly unknown[]> {
    const message = await this.#answer(code, request);
    if (message[0] !== code)
      fail(`expected ${codeName(code)} for request ${request}, got ${inText(message)}`);
    return message;
  }

  /** Waits for ERROR to a request, checks its form, and its URI when one is given. */
  async error(requestType: number, request: number, uri?: string): Promise<readonly unknown[]> {
    const message = await this.#answer(Code.ERROR, request);
    if (message[0] !== Code.ERROR) fail(`expected ERROR for request ${request}, got ${inText(message)}`);
    const [, type, , details, error] = message;
    equal(type, requestType, `REQUEST.Type in ${inText(message)}`);
    ok(isDict(details) && typeof error === 'string', `malformed ERROR: ${inText(message)}`);
    if (uri !== undefined) equal(error, uri, 'Error of ERROR');
    return message;
  }

  /** @returns the subscription's id */
  async subscribe(topic: string, options: Dict = {}): Promise<number> {
    return idOf(await this.reply(Code.SUBSCRIBED, this.request(Code.SUBSCRIBE, options, topic)));
  }

  /** @returns the registration's id */
  async register(procedure: string, options: Dict = {}): Promise<number> {
    return idOf(await this.reply(Code.REGISTERED, this.request(Code.REGISTER, options, procedure)));
  }

  /** Publishes without acknowledgement. */
  publish(topic: string, ...payload: readonly unknown[]): number {
    return this.request(Code.PUBLISH, {}, topic, ...payload);
  }

  /** Publishes and waits for PUBLISHED. @returns the publication's id */
  async publishAcknowledged(
    topic: string,
    options: Dict = {},
    ...payload: readonly unknown[]
  ): Promise<number> {
    const request = this.request(Code.PUBLISH, { ...options, acknowledge: true }, topic, ...payload);
    return idOf(await this.reply(Code.PUBLISHED, request));
  }

  call(procedure: string, ...payload: readonly unknown[]): number {
    return this.request(Code.CALL, {}, procedure, ...payload);
  }

  result(request: number): Promise<readonly unknown[]> {
    return this.reply(Code.RESULT, request);
  }

  /** The next message, which must be an INVOCATION; returns its request id and the whole message. */
  async invocation(): Promise<{
    request: number;
    message: readonly unknown[];
    details: Record<string, unknown>;
  }> {
    const message = await this.connection.next(Code.INVOCATION);
    const [, request, registration, details] = message;
    ok(isId(request) && isId(registration) && isDict(details), `malformed INVOCATION: ${inText(message)}`);
    return { request, message, details };
  }

  /** The next message, which must be an EVENT. */
  async event(): Promise<{
    publication: number;
    message: readonly unknown[];
    details: Record<string, unknown>;
  }> {
    const message = await this.connection.next(Code.EVENT);
    const [, subscription, publication, details] = message;
    ok(isId(subscription) && isId(publication) && isDict(details), `malformed EVENT: ${inText(message)}`);
    return { publication, message, details };
  }

  /** Answers an invocation. */
  yield(invocation: number, ...payload: readonly unknown[]): void {
    this.send([Code.YIELD, invocation, {}, ...payload]);
  }

  /**
   * Waits until the router has done with all that was sent so far: an acknowledged publication to a topic of nobody.
   * Then nothing but its PUBLISHED may have come.
   */
  async nothingElse(what: string): Promise<void> {
    await this.publishAcknowledged(`org.wampkit.conformance.nobody.s${this.id}`);
    const extra = this.connection.untaken;
    ok(extra.length === 0, `${what}: unexpected ${inText(extra[0]?.message)}`);
  }

  /** Leaves in good order: GOODBYE and its answer. */
  async leave(reason = 'wamp.close.close_realm'): Promise<void> {
    this.send([Code.GOODBYE, {}, reason]);
    await this.connection.take(Code.GOODBYE);
  }

  async #answer(code: number, request: number): Promise<readonly unknown[]> {
    const isError = (message: readonly unknown[]) => message[0] === Code.ERROR && message[2] === request;
    return this.connection.takeAny(
      (message) => (message[0] === code && message[1] === request) || isError(message),
      `${codeName(code)} for request ${request}`,
    );
  }
}

function idOf(message: readonly unknown[]): number {
  const id = message[2];
  if (!isId(id) || message.length !== 3) fail(`malformed ${codeName(message[0])}: ${inText(message)}`);
  return id;
}

/**
 * Waits for what becomes of a call: the INVOCATION that the callee gets, or the ERROR that the caller gets.
 *
 * @returns whichever message comes first
 */
export async function invocationOrError(
  callee: Session,
  caller: Session,
  call: number,
): Promise<readonly unknown[]> {
  const given = new AbortController();
  const isInvocation = (message: readonly unknown[]) => message[0] === Code.INVOCATION;
  const isError = (message: readonly unknown[]) => message[0] === Code.ERROR && message[2] === call;
  try {
    return await Promise.race([
      callee.connection.takeAny(isInvocation, 'INVOCATION', given.signal),
      caller.connection.takeAny(isError, 'ERROR', given.signal),
    ]);
  } finally {
    given.abort();
  }
}

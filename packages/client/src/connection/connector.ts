import { type Clock, ConnectError, JoinError, type Peer } from '@wampkit/protocol';
import type { Hooks } from '../hooks.js';
import { limits } from '../limits.js';
import type { ConnectOptions, ConnectPeer, JoinOptions } from '../options.js';
import { type SessionDetails, sessionDetails } from '../session/session-details.js';
import { handshake } from './handshake.js';
import { Wire } from './wire.js';

/** Options of `connect` with what its platform brings. */
export interface ClientOptions extends ConnectOptions {
  readonly connectPeer: ConnectPeer;
  readonly serializers: NonNullable<ConnectOptions['serializers']>;
}

/** What a client has once and its parts share. */
export interface Surroundings {
  readonly clock: Clock;
  readonly hooks: Hooks;
}

/** A join in progress. */
export interface JoinRequest {
  readonly join: JoinOptions;
  readonly signal: AbortSignal;
  /** Called with WELCOME, before anything behind it is delivered. */
  welcomed(wire: Wire, details: SessionDetails): void;
}

/** Holds a client's transport, and makes it when there is none. */
export class Connector {
  readonly #urls: readonly string[];
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #hooks: Hooks;
  #wire: Wire | null = null;

  constructor(urls: readonly string[], options: ClientOptions, { clock, hooks }: Surroundings) {
    this.#urls = options.peer === undefined ? urls : [];
    this.#options = options;
    this.#clock = clock;
    this.#hooks = hooks;
    if (options.peer !== undefined) this.#wire = this.#wireOf(options.peer);
  }

  /**
   * Joins on the transport that is open, else on the first URL that lets us in; a refusal that would come from any of
   * them ends the round.
   *
   * @throws {ConnectError | JoinError | CanceledError}
   */
  async join(request: JoinRequest): Promise<void> {
    if (this.#wire?.open) return this.#joinOn(this.#wire, request);
    const errors: Error[] = [];
    for (const url of this.#urls) {
      try {
        return await this.#joinOn(await this.#open(url, request.signal), request);
      } catch (error) {
        if (!(error instanceof ConnectError || (error instanceof JoinError && error.retryable))) throw error;
        errors.push(error);
      }
    }
    throw noneOf(errors);
  }

  /** Ends the transport. Resolves when it has ended. */
  async close(): Promise<void> {
    const wire = this.#wire;
    if (wire === null) return;
    wire.close();
    await new Promise<void>((resolve) => {
      const timer = this.#clock.setTimer(limits.leaveTimeout, resolve);
      void wire.closed.then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  async #open(url: string, signal: AbortSignal): Promise<Wire> {
    const { connectPeer, connectTimeout = limits.connectTimeout } = this.#options;
    const peer = await connectPeer(url, { ...this.#options, connectTimeout, signal, clock: this.#clock });
    return this.#wireOf(peer);
  }

  #wireOf(peer: Peer): Wire {
    return new Wire(this.#options.payloads?.wrap(peer, this.#hooks) ?? peer, this.#hooks);
  }

  async #joinOn(wire: Wire, { join, signal, welcomed }: JoinRequest): Promise<void> {
    this.#wire = wire;
    const { realm, auth, joinTimeout = limits.joinTimeout } = join;
    const agent = this.#options.agent ?? '@wampkit/client';
    try {
      await handshake(wire, { realm, auth, agent, joinTimeout, clock: this.#clock, signal }, (welcome) =>
        welcomed(wire, sessionDetails(welcome, realm)),
      );
    } catch (error) {
      wire.close();
      throw error;
    }
  }
}

function noneOf(errors: readonly Error[]): Error {
  if (errors.length === 1) return errors[0] as Error;
  if (errors.length === 0) return new ConnectError('the transport ended', { retryable: false });
  const list = errors.map(({ message }) => message).join('; ');
  return new ConnectError(`no URL let us in: ${list}`, { cause: new AggregateError(errors) });
}

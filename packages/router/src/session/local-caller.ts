import {
  Call,
  CallError,
  Cancel,
  CanceledError,
  type Dict,
  ErrorUri,
  emptyDict,
  type Message,
  MessageCode,
  type Payload,
  SequentialIds,
} from '@wampkit/protocol';
import type { Realm } from '../realm/realm.js';
import { type LocalSession, openLocalSession } from './local-session.js';

interface OpenCall {
  resolve(result: Payload): void;
  reject(error: unknown): void;
}

/** What a call of the router itself can be told. */
export interface LocalCallOptions {
  /** Gives the call up: it rejects with `CanceledError`, and its callee is interrupted if it takes that. */
  readonly signal?: AbortSignal;
}

/** Calls procedures of a realm in the name of the router: an ordinary caller on a session of the router itself. */
export class LocalCaller {
  readonly #local: LocalSession;
  readonly #requests = new SequentialIds();
  readonly #open = new Map<number, OpenCall>();
  #isClosed = false;

  /** @param authid who the callee sees, should it be told */
  constructor(realm: Realm, authid: string) {
    this.#local = openLocalSession(realm, { authid, receive: (message) => this.#receive(message) });
  }

  /**
   * Calls a procedure. The result is the caller's own: it stays valid.
   *
   * @returns rejects with `CallError` for an ERROR, `CanceledError` when `options.signal` aborts
   */
  call(procedure: string, payload: Payload, { signal }: LocalCallOptions = {}): Promise<Payload> {
    if (this.#isClosed) return Promise.reject(closed());
    if (signal?.aborted) return Promise.reject(givenUp(procedure, signal));
    return new Promise((resolve, reject) => {
      const request = this.#requests.next();
      const giveUp = (): void => {
        if (!this.#open.delete(request)) return;
        this.#local.send(new Cancel(request, killNoWait));
        reject(givenUp(procedure, signal));
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#open.set(request, { resolve, reject }); // before it is sent: the answer may come within `send`
      this.#local.send(new Call(request, emptyDict, procedure, payload));
    });
  }

  /** Ends its session; open calls reject with `CallError`. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#local.close();
    for (const { reject } of this.#open.values()) reject(closed());
    this.#open.clear();
  }

  #receive(message: Message): void {
    if (message.code !== MessageCode.Result && message.code !== MessageCode.Error) return;
    const open = this.#open.get(message.request);
    if (open === undefined) return;
    this.#open.delete(message.request);
    // values may lie in what is borrowed
    const payload = message.payload.retain();
    if (message.code === MessageCode.Result) open.resolve(payload);
    else open.reject(errorOf(message.error, payload));
  }
}

const killNoWait: Dict = Object.freeze({ mode: 'killnowait' });

function closed(): CallError {
  return new CallError('the realm was closed', { uri: ErrorUri.Canceled });
}

function givenUp(procedure: string, signal: AbortSignal | undefined): CanceledError {
  return new CanceledError(`the call of ${procedure} was given up`, { cause: signal?.reason });
}

function errorOf(uri: string, payload: Payload): CallError {
  const [text] = payload.args();
  const message = typeof text === 'string' ? `${uri}: ${text}` : uri;
  return new CallError(message, { uri, args: payload.args(), kwargs: payload.kwargs() });
}

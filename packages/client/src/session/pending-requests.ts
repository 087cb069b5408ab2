import {
  type ConnectionLostError,
  type ErrorMessage,
  MAX_ID,
  type Published,
  type Registered,
  type RequestType,
  type Result,
  type Subscribed,
  type Unregistered,
  type Unsubscribed,
} from '@wampkit/protocol';

/** A message that answers a request. */
export type Answer = Published | Subscribed | Unsubscribed | Result | Registered | Unregistered;

/** A request that waits for its answer. */
export interface PendingRequest {
  readonly type: RequestType;
  /** @returns whether more answers follow */
  answer(message: Answer): boolean;
  refuse(message: ErrorMessage): void;
  lose(error: ConnectionLostError): void;
}

/** The open requests of a session, by id; one counter for all types (BP-ID-04). */
export class PendingRequests {
  readonly #requests = new Map<number, PendingRequest>();
  #last = 0;

  /** The id of the next request. It is used up by `took`, so that a message that could not be sent leaves no gap. */
  get next(): number {
    return this.#last === MAX_ID ? 1 : this.#last + 1;
  }

  took(id: number, request: PendingRequest | null): void {
    this.#last = id;
    if (request !== null) this.#requests.set(id, request);
  }

  forget(id: number): void {
    this.#requests.delete(id);
  }

  /** @returns whether somebody waited for it: the answer to a request given up is dropped */
  answer(type: RequestType, message: Answer): boolean {
    const request = this.#find(type, message.request);
    if (request !== undefined && !request.answer(message)) this.forget(message.request);
    return request !== undefined;
  }

  /** @returns whether somebody waited for it */
  refuse(message: ErrorMessage): boolean {
    const request = this.#find(message.requestType, message.request);
    if (request === undefined) return false;
    this.forget(message.request);
    request.refuse(message);
    return true;
  }

  lose(error: ConnectionLostError): void {
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const request of requests) request.lose(error);
  }

  #find(type: RequestType, id: number): PendingRequest | undefined {
    const request = this.#requests.get(id);
    return request?.type === type ? request : undefined;
  }
}

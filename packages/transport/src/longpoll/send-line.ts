import type { IncomingMessage, ServerResponse } from 'node:http';
import { limits } from '../limits.js';
import { answerEmpty, answerLine, refuseUnread } from './longpoll-answers.js';
import { readBody } from './read-body.js';

/** A request of a long-poll that has its place in the order of what the client sends. */
interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly closes: boolean;
}

/** What a line tells its peer. */
interface LineOwner {
  /** Takes the body of one send; `done` lets the next one come. */
  onBody(body: Buffer, done: () => void): void;
  onTooLarge(): void;
  /** The client closes. */
  onClose(): void;
}

/** The sends of a long-poll, one after another in the order in which their requests came; only one is read at a time. */
export class SendLine {
  readonly #owner: LineOwner;
  readonly #bodySize: number;
  readonly #waiting: Waiting[] = [];
  #current: Waiting | null = null;
  /** Why nothing is taken any more. */
  #ended: string | null = null;

  /** @param bodySize the largest body that is taken, bytes */
  constructor(owner: LineOwner, bodySize: number) {
    this.#owner = owner;
    this.#bodySize = bodySize;
  }

  /** @param closes whether this is no send, but the request that closes */
  add(request: IncomingMessage, response: ServerResponse, closes: boolean): void {
    if (this.#ended !== null) refuseUnread(response, 410, this.#ended);
    else if (this.#waiting.length >= limits.waitingSends)
      refuseUnread(response, 429, 'Too many requests of this transport wait.');
    else {
      this.#waiting.push({ request, response, closes });
      if (this.#current === null) this.#next();
    }
  }

  /** Answers the send whose body was no message (LP-03). */
  refuse(text: string): void {
    if (this.#current !== null) answerLine(this.#current.response, 400, text);
    this.#current = null;
  }

  /** Refuses all that waits, and all that comes. */
  end(text: string): void {
    if (this.#ended !== null) return;
    this.#ended = text;
    if (this.#current !== null && !this.#current.closes) {
      if (this.#current.request.readableEnded) answerLine(this.#current.response, 410, text);
      else refuseUnread(this.#current.response, 410, text);
    }
    this.#current = null;
    for (const { response } of this.#waiting.splice(0)) refuseUnread(response, 410, text);
  }

  #next(): void {
    const current = this.#waiting.shift() ?? null;
    this.#current = current;
    if (current === null) return;
    if (current.closes) {
      current.request.resume();
      answerEmpty(current.response, 202);
      this.#owner.onClose();
      return;
    }
    readBody(current.request, this.#bodySize, (read) => {
      if (this.#current !== current) return;
      if ('body' in read) this.#owner.onBody(read.body, () => this.#accept(current));
      else if (read.fault === 'too large') this.#refuseLarge(current);
      else this.#next();
    });
  }

  #accept(current: Waiting): void {
    if (this.#current !== current) return;
    answerEmpty(current.response, 202);
    this.#next();
  }

  #refuseLarge({ response }: Waiting): void {
    this.#current = null;
    refuseUnread(response, 413, `The body is larger than ${this.#bodySize} bytes.`);
    this.#owner.onTooLarge();
  }
}

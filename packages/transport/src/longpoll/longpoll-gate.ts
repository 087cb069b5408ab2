import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Peer, Serializer } from '@wampkit/protocol';
import { createBatchFraming, separate } from '../batch/batch-framing.js';
import { limits } from '../limits.js';
import type { GateParts } from '../listener/gate-parts.js';
import type { CookieSigner } from '../listener/signed-cookie.js';
import { describeTransport, isSecure } from '../listener/transport-info.js';
import type { FrameEncoder } from '../peer/frame-encoder.js';
import type { Framing } from '../peer/framing.js';
import type { PeerHost } from '../peer/peer-host.js';
import { describeSubprotocols, type Subprotocol, subprotocolsOf } from '../subprotocol.js';
import { createOriginCheck } from '../websocket/origin-pattern.js';
import { answerEmpty, answerLine, refuseUnread } from './longpoll-answers.js';
import { LongPollPeer } from './longpoll-peer.js';
import { readBody } from './read-body.js';

/** How HTTP long-poll is served. */
export interface LongPollOptions {
  /** Path of the URL under which it is served, without a slash at its end: `/lp`. */
  path: string;
  /**
   * Globs of allowed `Origin` headers, such as `https://*.example.com`. None allow pages of every origin, without
   * cookies; pages of origins that are named may send theirs.
   */
  origins?: readonly string[] | undefined;
  /** How long a receive is held until it is answered without a message: ms, 10 s by default. */
  holdTime?: number | undefined;
  /** How long no receive may be held until the peer is given up: ms, 30 s by default. */
  idleTimeout?: number | undefined;
}

/** What it needs from its listener. */
export interface LongPollGateParts extends GateParts {
  readonly options: LongPollOptions;
  /** Knows browsers again; `null` where nobody asks for that. */
  readonly cookies: CookieSigner | null;
  onPeer(peer: Peer): void;
}

/** Bytes of chance in the id of a transport: whoever knows the id has the session (LP-04). */
const ID_SIZE = 24;
/** Seconds that a browser may remember what a preflight said. */
const PREFLIGHT_AGE = 600;
/** A message as it is: HTTP frames it. */
const bareFraming: Framing = { name: 'longpoll', headerSize: () => 0, seal: () => {} };

/** The server's end of HTTP long-poll: opens transports and gives each request to the one that it names (LP-01). */
export class LongPollGate {
  readonly #parts: LongPollGateParts;
  readonly #base: string;
  readonly #spoken: ReadonlyMap<string, Subprotocol>;
  readonly #isOriginAllowed: (origin: string | undefined) => boolean;
  readonly #peers = new Map<string, LongPollPeer>();
  #isClosed = false;

  constructor(parts: LongPollGateParts) {
    this.#parts = parts;
    this.#base = `${parts.options.path.replace(/\/+$/, '')}/`;
    this.#spoken = subprotocolsOf(parts.serializers, true);
    this.#isOriginAllowed = createOriginCheck(parts.options.origins ?? []);
  }

  /** Whether long-poll is served under the path of a request's URL. */
  serves(url: string): boolean {
    const path = pathOf(url);
    return path.startsWith(this.#base) || `${path}/` === this.#base;
  }

  /** Answers a request under the path. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    const { origin } = request.headers;
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    if (!this.#isOriginAllowed(origin)) {
      refuseUnread(response, 403, `Origin ${origin} is not allowed here.`);
      return;
    }
    if (origin !== undefined) this.#allowOrigin(response, origin);
    if (request.method === 'OPTIONS') answerPreflight(response);
    else if (request.method !== 'POST') this.#refuseMethod(response);
    else this.#route(request, response);
  }

  /** Closes all peers and opens none any more. */
  closeAll(reason: string): void {
    this.#isClosed = true;
    for (const peer of [...this.#peers.values()]) peer.closeLast(reason);
  }

  #allowOrigin(response: ServerResponse, origin: string): void {
    const names = this.#parts.options.origins ?? [];
    response.setHeader('vary', 'Origin');
    response.setHeader('access-control-allow-origin', origin);
    if (names.length > 0 && !names.includes('*'))
      response.setHeader('access-control-allow-credentials', 'true');
  }

  #refuseMethod(response: ServerResponse): void {
    response.setHeader('allow', 'POST, OPTIONS');
    refuseUnread(response, 405, `This is a WAMP endpoint: long-poll begins with POST ${this.#base}open.`);
  }

  #route(request: IncomingMessage, response: ServerResponse): void {
    const [id, verb, ...more] = pathOf(request.url as string)
      .slice(this.#base.length)
      .split('/');
    if (id === 'open' && verb === undefined) {
      this.#open(request, response);
      return;
    }
    const peer = this.#peers.get(id as string);
    if (more.length > 0 || (verb !== 'receive' && verb !== 'send' && verb !== 'close'))
      refuseUnread(response, 404, 'There is nothing under this path.');
    else if (peer === undefined) refuseUnread(response, 404, 'There is no such transport, or it has ended.');
    else if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
      refuseUnread(response, 415, 'A compressed body is not taken.');
    else if (verb === 'send') peer.takeSend(request, response);
    else if (verb === 'close') peer.takeClose(request, response);
    else {
      request.resume();
      peer.takeReceive(response);
    }
  }

  #open(request: IncomingMessage, response: ServerResponse): void {
    readBody(request, limits.openBodySize, (read) => {
      if ('fault' in read) {
        if (read.fault === 'too large') refuseUnread(response, 413, 'The body is too large.');
        return;
      }
      const { maxConnections, host } = this.#parts;
      const offered = readProtocols(read.body);
      const chosen = offered?.find((each) => this.#spoken.has(each));
      if (offered === null)
        answerLine(response, 400, 'The body must be a JSON object with a list "protocols".');
      else if (chosen === undefined)
        answerLine(
          response,
          400,
          `No common protocol: this end speaks ${describeSubprotocols(this.#spoken)}.`,
        );
      else if (this.#isClosed) answerLine(response, 503, 'This end closes.');
      else if (maxConnections > 0 && host.peers.size >= maxConnections)
        answerLine(response, 503, 'There are as many connections as this end takes.');
      else this.#admit(request, response, chosen);
    });
  }

  #admit(request: IncomingMessage, response: ServerResponse, protocol: string): void {
    const { host, options, path } = this.#parts;
    const { serializer, batched } = this.#spoken.get(protocol) as Subprotocol;
    const id = randomBytes(ID_SIZE).toString('base64url');
    const browser = this.#parts.cookies?.admit(request.headers.cookie, isSecure(request.socket));
    if (browser?.setCookie) response.setHeader('set-cookie', browser.setCookie);
    const peer = new LongPollPeer({
      host,
      batched,
      encoder: encoderFor(host, serializer, batched),
      transport: describeTransport(request.socket, 'longpoll', {
        serializer,
        end: 'server',
        path,
        headers: request.headers,
        cookie: browser?.id,
        cookies: this.#parts.cookies,
      }),
      sendLimit: host.maxMessageSize,
      holdTime: options.holdTime ?? limits.holdTime,
      idleTimeout: options.idleTimeout ?? limits.idleTimeout,
      onEnd: () => this.#peers.delete(id),
    });
    this.#peers.set(id, peer);
    this.#parts.onPeer(peer);
    const body = JSON.stringify({ protocol, transport: id });
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  }
}

function encoderFor(host: PeerHost, serializer: Serializer, batched: boolean): FrameEncoder {
  return batched
    ? host.encoder('batched', separate(serializer), () => createBatchFraming(serializer.binary))
    : host.encoder('longpoll', serializer, () => bareFraming);
}

function answerPreflight(response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'POST');
  response.setHeader('access-control-allow-headers', 'content-type');
  response.setHeader('access-control-max-age', PREFLIGHT_AGE);
  answerEmpty(response, 204);
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] as string;
}

/** The protocols that the body of an open offers; `null` when it is none. */
function readProtocols(body: Buffer): string[] | null {
  try {
    const { protocols } = JSON.parse(body.toString()) as { protocols?: unknown };
    return Array.isArray(protocols) ? protocols.filter((each) => typeof each === 'string') : null;
  } catch {
    return null;
  }
}

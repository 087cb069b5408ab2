import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Peer } from '@wampkit/protocol';
import { WebSocketServer } from 'ws';
import type { GateParts } from '../listener/gate-parts.js';
import { answerText, refuseHttp } from '../listener/http-refusal.js';
import type { Browser, CookieSigner } from '../listener/signed-cookie.js';
import { describeTransport, isSecure } from '../listener/transport-info.js';
import { describeSubprotocols, type Subprotocol, subprotocolsOf } from '../subprotocol.js';
import { createWebSocketPeer } from './create-websocket-peer.js';
import { createOriginCheck } from './origin-pattern.js';
import { receiveOptions } from './receive-options.js';
import { PeerWebSocket } from './websocket-peer.js';

/** How WebSocket is served. */
export interface WebSocketOptions {
  /** Paths of the URL under which WebSocket is served; `/` and `/ws` by default. */
  paths?: readonly string[] | undefined;
  /** Globs of allowed `Origin` headers, such as `https://*.example.com`; none allow all. */
  origins?: readonly string[] | undefined;
  /** Whether permessage-deflate is negotiated; off by default. */
  compression?: boolean | undefined;
  /** Whether the batched subprotocols are spoken too (BAT-01); on by default. */
  batched?: boolean | undefined;
  /** Silence after which the other end is pinged: ms, 30 s by default, 0 turns it off. RawSocket heeds it too. */
  pingInterval?: number | undefined;
  /** Silence after a ping after which the peer is closed: ms, 10 s by default, 0 turns it off. */
  pingTimeout?: number | undefined;
}

/** What it needs from its listener. */
export interface WebSocketGateParts extends GateParts {
  readonly options: WebSocketOptions;
  /** Knows browsers again; `null` where nobody asks for that. */
  readonly cookies: CookieSigner | null;
  /** Called with the handshake's socket too, which is now the peer's. */
  onPeer(peer: Peer, socket: Socket): void;
}

/** The server's end of the WebSocket handshake: paths, origins, subprotocols (BP-TRN-02). */
export class WebSocketGate {
  readonly #parts: WebSocketGateParts;
  readonly #paths: readonly string[];
  readonly #isOriginAllowed: (origin: string | undefined) => boolean;
  readonly #spoken: ReadonlyMap<string, Subprotocol>;
  readonly #server: InstanceType<typeof WebSocketServer<typeof PeerWebSocket>>;
  readonly #browsers = new WeakMap<IncomingMessage, Browser>();

  constructor(parts: WebSocketGateParts) {
    this.#parts = parts;
    this.#paths = parts.options.paths ?? ['/', '/ws'];
    this.#isOriginAllowed = createOriginCheck(parts.options.origins ?? []);
    this.#spoken = subprotocolsOf(parts.serializers, parts.options.batched !== false);
    const options = {
      noServer: true,
      clientTracking: false,
      WebSocket: PeerWebSocket,
      ...receiveOptions(parts.host.maxMessageSize),
      perMessageDeflate: parts.options.compression === true && deflate,
      handleProtocols: (offered: Set<string>) => this.#choose(offered) ?? false,
    } as const;
    this.#server = new WebSocketServer(options);
    this.#server.on('headers', (headers, request) => {
      const setCookie = this.#browsers.get(request)?.setCookie;
      if (setCookie) headers.push(`Set-Cookie: ${setCookie}`);
    });
  }

  /** Whether WebSocket is served under the path of a request's URL. */
  serves(url: string): boolean {
    return this.#paths.includes(url.split('?', 1)[0] as string);
  }

  /** Answers a request under a WebSocket path that asks for no upgrade. */
  refusePlain(response: ServerResponse): void {
    answerText(response, 426, {
      text: `This is a WAMP endpoint: connect with WebSocket, subprotocols ${this.#subprotocols()}.`,
      headers: { upgrade: 'websocket', connection: 'close' },
    });
  }

  /** Completes or refuses a handshake, from the `upgrade` event of an HTTP server. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const refusal = this.#judge(request);
    if (refusal !== null) {
      refuseHttp(socket, refusal.status, refusal);
      return;
    }
    const browser = this.#parts.cookies?.admit(request.headers.cookie, isSecure(socket));
    if (browser !== undefined) this.#browsers.set(request, browser);
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#admit(ws, request, socket));
  }

  #judge(request: IncomingMessage): { status: number; text: string } | null {
    const { host, maxConnections } = this.#parts;
    const { origin, host: name } = request.headers;
    // Node leaves these to us where it is asked for an upgrade: RFC 6455, 4.2.1.
    if (request.httpVersion !== '1.1') return { status: 400, text: 'WebSocket needs HTTP/1.1.' };
    if (name === undefined) return { status: 400, text: 'The request names no host.' };
    if (!this.serves(request.url ?? '/')) return { status: 404, text: 'There is nothing under this path.' };
    if (!this.#isOriginAllowed(origin)) return { status: 403, text: `Origin ${origin} is not allowed here.` };
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    if (this.#choose(offered) === undefined)
      return { status: 400, text: `No common subprotocol: this end speaks ${this.#subprotocols()}.` };
    if (maxConnections > 0 && host.peers.size >= maxConnections)
      return { status: 503, text: 'There are as many connections as this end takes.' };
    return null;
  }

  /** The client's first choice among what is spoken here. */
  #choose(offered: Iterable<string>): string | undefined {
    for (const each of offered) if (this.#spoken.has(each)) return each;
    return undefined;
  }

  #subprotocols(): string {
    return describeSubprotocols(this.#spoken);
  }

  #admit(ws: PeerWebSocket, request: IncomingMessage, socket: Socket): void {
    const { host, path } = this.#parts;
    const subprotocol = this.#spoken.get(ws.protocol) as Subprotocol;
    const transport = describeTransport(socket, 'websocket', {
      serializer: subprotocol.serializer,
      end: 'server',
      path,
      headers: request.headers,
      cookie: this.#browsers.get(request)?.id,
      cookies: this.#parts.cookies,
    });
    const parts = { host, transport, subprotocol, masked: false };
    this.#parts.onPeer(createWebSocketPeer(ws, socket, parts), socket);
  }
}

/** Without context takeover a peer keeps no window of its own: memory stays small with many peers. */
const deflate = { serverNoContextTakeover: true, clientNoContextTakeover: true };

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  createServer as createSecureServer,
  type Server as SecureServer,
  type ServerOptions,
} from 'node:https';
import type { Socket } from 'node:net';
import { ConfigError, type Peer, type Serializer } from '@wampkit/protocol';
import { limits } from '../limits.js';
import { LongPollGate, type LongPollOptions } from '../longpoll/longpoll-gate.js';
import { PeerHost, type PeerOptions } from '../peer/peer-host.js';
import { RawSocketGate } from '../rawsocket/rawsocket-gate.js';
import { MAGIC } from '../rawsocket/rawsocket-handshake.js';
import { WebSocketGate, type WebSocketOptions } from '../websocket/websocket-gate.js';
import { type BindAddress, formatHostPort, parseBindAddress } from './bind-address.js';
import { answerText, refuseHttp } from './http-refusal.js';
import { listenOn } from './listen-on.js';
import { PendingConnections } from './pending-connections.js';
import { type CookieOptions, CookieSigner } from './signed-cookie.js';

/** What a port can speak; connections are told apart by their first bytes. */
export type ListenerProtocol = 'websocket' | 'rawsocket' | 'http';

/** A server certificate, PEM. */
export interface ListenerTls {
  cert: string | Buffer;
  key: string | Buffer;
  /** Certificates of the authorities that client certificates must be signed by. */
  ca?: string | Buffer | undefined;
  /** Whether clients without a valid certificate are refused (BP-TRN-05); off by default. */
  requireClientCertificate?: boolean | undefined;
  /** Whether clients are asked for a certificate that they may leave out; on where there is a `ca`. */
  requestClientCertificate?: boolean | undefined;
}

/** How a peer came. */
export interface Arrival {
  /** From the accepted connection to the peer, milliseconds: what is gone of a time for all of the handshake. */
  readonly waited: number;
}

/** What `createListener` takes. */
export interface ListenerOptions extends Omit<PeerOptions, 'pingInterval' | 'pingTimeout'> {
  /** `host:port` (port 0: any free one), `[::1]:port` or `unix:/path`. */
  bind: string;
  /** What peers may speak. */
  serializers: readonly Serializer[];
  /** What the port speaks; WebSocket, RawSocket and HTTP by default. */
  protocols?: readonly ListenerProtocol[] | undefined;
  /** Called for each new peer; set its handlers before returning. */
  onPeer(peer: Peer, arrival: Arrival): void;
  /** Called for HTTP requests that are not WebSocket's; without it they get 404. */
  onRequest?: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Called for errors of the listening socket and exceptions of `onRequest`. */
  onError?: ((error: Error) => void) | undefined;
  tls?: ListenerTls | undefined;
  websocket?: WebSocketOptions | undefined;
  /** Gives browsers a cookie by which they are known again; off by default. */
  cookie?: CookieOptions | undefined;
  /** HTTP long-poll, for clients that get no WebSocket through; not served by default, and only where HTTP is. */
  longpoll?: LongPollOptions | undefined;
  /** How many peers there may be; 0, the default: no bound. Beyond it RawSocket gets error 4, WebSocket and long-poll 503. */
  maxConnections?: number | undefined;
  /** From the accepted connection to its peer: ms, 10 s by default, 0: no bound. */
  handshakeTimeout?: number | undefined;
}

/** A port that turns connections into peers. */
export interface Listener extends AsyncDisposable {
  /** Where it listens: `127.0.0.1:8080` with the real port, `[::1]:8080` or `unix:/path`; before, as it was bound. */
  readonly address: string;
  /** How many peers are open. */
  readonly connections: number;
  /**
   * Starts to accept connections. A unix socket that nobody listens on any more is replaced.
   *
   * @throws {WampError} naming the address and why it cannot be listened on
   */
  listen(): Promise<void>;
  /**
   * Shows another certificate from now on, and believes client certificates of other authorities. Connections that are
   * open go on; TLS sessions from before are not resumed, so that nobody comes in by what was believed then.
   *
   * @param tls without `ca` the authorities stay as they are; whether clients are asked for certificates stays too
   * @throws {ConfigError} when they cannot be used, or when the listener does not serve TLS; everything stays then
   */
  renewTls(tls: Pick<ListenerTls, 'cert' | 'key' | 'ca'>): void;
  /** Stops accepting, closes every connection and resolves when all have ended. */
  close(): Promise<void>;
}

/**
 * Makes a listener: one port for WebSocket, RawSocket and HTTP, over TCP, TLS or a unix socket.
 *
 * @example
 * const listener = createListener({ bind: '127.0.0.1:8080', serializers: [jsonSerializer], onPeer: (peer) => router.attach(peer) });
 * await listener.listen();
 *
 * @throws {ConfigError} when `bind` is no address
 */
export function createListener(options: ListenerOptions): Listener {
  return new PortListener(options);
}

class PortListener implements Listener {
  readonly #options: ListenerOptions;
  readonly #bind: BindAddress;
  readonly #host: PeerHost;
  readonly #protocols: ReadonlySet<ListenerProtocol>;
  readonly #pending: PendingConnections;
  readonly #server: Server;
  readonly #webSocket: WebSocketGate;
  readonly #rawSocket: RawSocketGate;
  readonly #longPoll: LongPollGate | null;
  /** Node's own listeners, which make HTTP of a connection. */
  readonly #serveHttp: readonly ((socket: Socket) => void)[];
  /** Accepted TCP or unix connections, below TLS. */
  readonly #accepted = new Set<Socket>();
  readonly #forget: (this: Socket) => void;
  /** The authorities of client certificates, as they are now. */
  #authorities: ListenerTls['ca'];
  #closing: Promise<void> | null = null;

  constructor(options: ListenerOptions) {
    const { serializers, websocket = {}, longpoll, maxConnections = 0, tls } = options;
    const { pingInterval, pingTimeout } = websocket;
    this.#options = options;
    this.#bind = parseBindAddress(options.bind);
    this.#host = new PeerHost({ ...options, pingInterval, pingTimeout });
    this.#protocols = new Set(options.protocols ?? ['websocket', 'rawsocket', 'http']);
    this.#pending = new PendingConnections(
      this.#host.clock,
      options.handshakeTimeout ?? limits.handshakeTimeout,
    );
    const path = 'path' in this.#bind ? this.#bind.path : undefined;
    const cookies = options.cookie === undefined ? null : new CookieSigner(options.cookie, this.#host.clock);
    const parts = { host: this.#host, serializers, maxConnections, path, cookies };
    const onPeer = (peer: Peer, socket: Socket) => this.#welcome(peer, socket);
    this.#webSocket = new WebSocketGate({ ...parts, options: websocket, onPeer });
    this.#rawSocket = new RawSocketGate({ ...parts, onPeer });
    this.#longPoll =
      longpoll === undefined || !this.#protocols.has('http')
        ? null
        : new LongPollGate({
            ...parts,
            options: longpoll,
            onPeer: (peer) => options.onPeer(peer, { waited: 0 }),
          });
    const { accepted, pending } = { accepted: this.#accepted, pending: this.#pending };
    this.#forget = function (this: Socket) {
      accepted.delete(this);
      pending.delete(this);
    };
    this.#authorities = tls?.ca;
    this.#server = tls === undefined ? createServer() : createSecureServer(secureOptions(tls, options));
    this.#serveHttp = this.#takeConnections(tls === undefined ? 'connection' : 'secureConnection');
    this.#server.on('request', (request, response) => this.#answer(request, response));
    if (this.#protocols.has('websocket'))
      this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head));
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') return this.#options.bind;
    return formatHostPort(address.address, address.port);
  }

  get connections(): number {
    return this.#host.peers.size;
  }

  async listen(): Promise<void> {
    await listenOn(this.#server, this.#bind, this.#options.bind);
    this.#server.on('error', (error) => this.#options.onError?.(error));
  }

  renewTls({ cert, key, ca = this.#authorities }: Pick<ListenerTls, 'cert' | 'key' | 'ca'>): void {
    if (this.#options.tls === undefined) throw new ConfigError('the listener does not serve TLS');
    try {
      // A context has ticket keys of its own: what was resumable is not, and is verified anew.
      (this.#server as SecureServer).setSecureContext({ cert, key, ...(ca === undefined ? {} : { ca }) });
    } catch (cause) {
      throw new ConfigError(`certificate and key cannot be used: ${(cause as Error).message}`, { cause });
    }
    this.#authorities = ca;
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(): Promise<void> {
    const stopped = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#pending.destroyAll();
    this.#longPoll?.closeAll('the listener closes');
    await this.#host.peers.closeAll('the listener closes');
    for (const socket of this.#accepted) socket.destroy();
    await stopped;
  }

  /** Puts itself before Node's HTTP: returns what was there to take connections. */
  #takeConnections(event: 'connection' | 'secureConnection'): ((socket: Socket) => void)[] {
    const server = this.#server as NodeJS.EventEmitter;
    const before = server.listeners(event) as ((socket: Socket) => void)[];
    server.removeAllListeners(event);
    server.prependListener('connection', (socket: Socket) => this.#accept(socket));
    server.on(event, (socket: Socket) => this.#sniff(socket));
    return before;
  }

  #accept(socket: Socket): void {
    if (this.#pending.size >= limits.pendingConnections || this.#closing !== null) {
      socket.destroy();
      return;
    }
    this.#accepted.add(socket);
    this.#pending.add(socket);
    socket.on('error', ignore);
    socket.on('close', this.#forget);
  }

  /** Tells by the first byte what a connection speaks. */
  #sniff(socket: Socket): void {
    if (acceptedSocket(socket) !== socket) socket.on('error', ignore);
    socket.on('end', endToo);
    socket.once('data', (bytes: Buffer) => {
      socket.pause();
      if (bytes[0] === MAGIC && this.#protocols.has('rawsocket')) this.#acceptRawSocket(socket, bytes);
      else if (isUpperCase(bytes[0] as number)) this.#acceptHttp(socket, bytes);
      else socket.destroy();
    });
  }

  #acceptRawSocket(socket: Socket, bytes: Buffer): void {
    socket.setNoDelay(true);
    this.#rawSocket.accept(socket, bytes);
  }

  #acceptHttp(socket: Socket, bytes: Buffer): void {
    if (!this.#protocols.has('websocket') && !this.#protocols.has('http')) {
      refuseHttp(socket, 400, { text: 'This port speaks WAMP over RawSocket only.' });
      return;
    }
    socket.off('end', endToo);
    socket.unshift(bytes);
    for (const serve of this.#serveHttp) serve.call(this.#server, socket);
    socket.resume();
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.#webSocket.upgrade(request, socket, head);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#pending.delete(acceptedSocket(request.socket));
    const { onRequest, onError } = this.#options;
    if (this.#longPoll?.serves(request.url as string)) {
      this.#longPoll.answer(request, response);
    } else if (this.#isPlainWebSocketRequest(request)) {
      this.#webSocket.refusePlain(response);
    } else if (onRequest === undefined || !this.#protocols.has('http')) {
      answerText(response, 404, { text: 'There is nothing under this path.' });
    } else {
      try {
        onRequest(request, response);
      } catch (error) {
        response.destroy();
        onError?.(error as Error);
      }
    }
  }

  #isPlainWebSocketRequest({ method, url = '/' }: IncomingMessage): boolean {
    const reads = method === 'GET' || method === 'HEAD';
    return reads && this.#protocols.has('websocket') && this.#webSocket.serves(url);
  }

  #welcome(peer: Peer, socket: Socket): void {
    socket.off('end', endToo);
    this.#options.onPeer(peer, { waited: this.#pending.delete(acceptedSocket(socket)) });
  }
}

function secureOptions(tls: ListenerTls, options: ListenerOptions): ServerOptions {
  const { cert, key, ca, requireClientCertificate = false } = tls;
  const { requestClientCertificate = ca !== undefined } = tls;
  return {
    cert,
    key,
    ...(ca === undefined ? {} : { ca }),
    requestCert: requireClientCertificate || requestClientCertificate,
    rejectUnauthorized: requireClientCertificate,
    handshakeTimeout: options.handshakeTimeout || limits.handshakeTimeout,
  };
}

/** The connection as it was accepted: under TLS the socket below. */
function acceptedSocket(socket: Socket): Socket {
  return (socket as { _parent?: Socket | null })._parent ?? socket;
}

function isUpperCase(octet: number): boolean {
  return octet >= 0x41 && octet <= 0x5a;
}

/** Who ends a connection before it has become anything is not waited for: Node's HTTP server allows half-open ones. */
function endToo(this: Socket): void {
  this.end();
}

function ignore(): void {}

import { randomBytes } from 'node:crypto';
import type { CheckContext, JoinOptions } from './check.js';
import { type Codec, codecs, type SerializerName } from './codec.js';
import { Connection } from './connection.js';
import type { Credentials } from './credentials.js';
import { skip } from './outcome.js';
import { Session } from './session.js';
import { HttpPost } from './wire/http-post.js';
import { OctetStream } from './wire/octet-stream.js';
import { WebSocketWire } from './wire/websocket-wire.js';
import { type TlsSettings, type Wire, wireKind } from './wire/wire.js';

/** The router under test and how to reach it. */
export interface Target {
  /** `ws://`, `wss://`, `http://`, `https://`, `tcp://`, `tcps://` or `unix:`. */
  url: string;
  realm: string;
  serializer: SerializerName;
  /** How long a check waits for one thing, in ms. */
  timeout: number;
  tls?: TlsSettings;
  credentials?: Credentials;
}

/** The connections of one check; `close` ends them all. */
export class LiveContext implements CheckContext {
  readonly url: string;
  readonly realm: string;
  readonly codec: Codec;
  readonly transport: Wire['kind'];
  readonly timeout: number;
  readonly tls: TlsSettings | undefined;
  readonly credentials: Credentials;
  readonly #name = `org.wampkit.conformance.c${randomBytes(6).toString('hex')}`;
  readonly #open = new Set<{ destroy(): void }>();
  #closed = false;

  constructor(target: Target) {
    this.url = target.url;
    this.realm = target.realm;
    this.codec = codecs[target.serializer];
    this.transport = wireKind(target.url);
    this.timeout = target.timeout;
    this.tls = target.tls;
    this.credentials = target.credentials ?? {};
  }

  uri(name = 'a'): string {
    return `${this.#name}.${name}`;
  }

  async connect(options: JoinOptions = {}): Promise<Connection> {
    const { serializer, lengthExponent } = options;
    const connection = await Connection.open({
      url: this.url,
      codec: serializer === undefined ? this.codec : codecs[serializer],
      timeout: this.timeout,
      ...(this.tls && { tls: this.tls }),
      ...(lengthExponent !== undefined && { lengthExponent }),
    });
    return this.#keep(connection);
  }

  async join(options: JoinOptions = {}): Promise<Session> {
    return Session.join(await this.connect(options), this.realm, options.details);
  }

  async joinWith(role: 'broker' | 'dealer', feature: string): Promise<Session> {
    const session = await this.join();
    if (!session.announces(role, feature)) skip(`the router's ${role} does not announce ${feature}`);
    return session;
  }

  websocket(connection: Connection): WebSocketWire {
    if (connection.wire instanceof WebSocketWire) return connection.wire;
    throw new TypeError('this connection is no WebSocket');
  }

  async octets(): Promise<OctetStream> {
    return this.#keep(await OctetStream.open(this.url, this.timeout, this.tls));
  }

  http(): HttpPost {
    return this.#keep(new HttpPost(this.url, this.tls));
  }

  /** Ends every connection that the check opened, and those that are still being opened. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#open) connection.destroy();
  }

  #keep<C extends { destroy(): void }>(connection: C): C {
    this.#open.add(connection);
    if (this.#closed) connection.destroy();
    return connection;
  }
}

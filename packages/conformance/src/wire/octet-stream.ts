import net from 'node:net';
import tls from 'node:tls';
import { CheckFailure } from '../outcome.js';
import type { TlsSettings } from './wire.js';

/** A TCP, TLS or unix socket read by counts of octets. */
export class OctetStream {
  readonly #socket: net.Socket;
  readonly #timeout: number;
  #buffer = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};
  /** Resolves when the other end, or this one, has ended the connection. */
  readonly closed: Promise<void>;

  private constructor(socket: net.Socket, timeout: number) {
    this.#socket = socket;
    this.#timeout = timeout;
    socket.setNoDelay(true);
    socket.on('data', (data: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, data]);
      this.#wake();
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      const end = () => {
        this.#ended = true;
        this.#wake();
        resolve();
      };
      socket.on('end', end);
      socket.on('close', end);
    });
  }

  /** Connects to `tcp://host:port`, `tcps://host:port` or `unix:/path`. `timeout` in ms holds for each read too. */
  static open(url: string, timeout: number, settings: TlsSettings = {}): Promise<OctetStream> {
    const socket = openSocket(url, settings);
    return new Promise((resolve, reject) => {
      socket.once(url.startsWith('tcps:') ? 'secureConnect' : 'connect', () =>
        resolve(new OctetStream(socket, timeout)),
      );
      socket.once('error', (error) => reject(new CheckFailure(`cannot connect to ${url}: ${error.message}`)));
    });
  }

  write(octets: Uint8Array | readonly number[]): void {
    this.#socket.write(Uint8Array.from(octets));
  }

  /** Ends the writing half in good order. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** The next `count` octets; `null` when the other end closes before. `timeout` 0 waits as long as it takes. */
  async read(count: number, timeout = this.#timeout): Promise<Buffer | null> {
    const deadline = timeout === 0 ? Number.POSITIVE_INFINITY : Date.now() + timeout;
    while (this.#buffer.length < count) {
      if (this.#ended) return null;
      await this.#more(deadline, count);
    }
    const octets = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return octets;
  }

  /** Waits until the other end closes. @throws {CheckFailure} when it does not in time */
  async waitForClose(what: string): Promise<void> {
    const deadline = Date.now() + this.#timeout;
    while (!this.#ended) {
      if (Date.now() >= deadline) throw new CheckFailure(`the router kept the connection open after ${what}`);
      await this.#change(deadline);
    }
  }

  async #more(deadline: number, count: number): Promise<void> {
    if (Date.now() >= deadline)
      throw new CheckFailure(`expected ${count} octets, got only ${this.#buffer.length} in time`);
    await this.#change(deadline);
  }

  #change(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(deadline) ? setTimeout(resolve, deadline - Date.now()) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function openSocket(url: string, settings: TlsSettings): net.Socket {
  if (url.startsWith('unix:'))
    return net.connect({ path: url.slice('unix:'.length).replace(/^\/\/(?=\/)/, '') });
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'tcps:') return tls.connect({ host, port: Number(port), ...settings });
  return net.connect({ host, port: Number(port) });
}

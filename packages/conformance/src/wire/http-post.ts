import { Agent, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as SecureAgent } from 'node:https';
import { CheckFailure } from '../outcome.js';
import type { TlsSettings } from './wire.js';

/** What came back of a request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What a request has besides URL and body. */
export interface HttpOptions {
  method?: string;
  headers?: Readonly<Record<string, string>>;
}

/** HTTP requests to one router, over connections that are used again. */
export class HttpPost {
  readonly #secure: boolean;
  readonly #agent: Agent;

  constructor(url: string, tls: TlsSettings = {}) {
    this.#secure = url.startsWith('https:');
    this.#agent = this.#secure
      ? new SecureAgent({ keepAlive: true, ...tls })
      : new Agent({ keepAlive: true });
  }

  /** POSTs, unless another method is asked for. @throws {CheckFailure} when no answer comes */
  send(url: string, body: Uint8Array | string = '', options: HttpOptions = {}): Promise<HttpAnswer> {
    const { method = 'POST', headers = {} } = options;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void =>
        reject(new CheckFailure(`no answer from ${url}: ${error.message}`));
      const request = (this.#secure ? requestHttps : requestHttp)(url, {
        method,
        agent: this.#agent,
        headers: { 'content-length': Buffer.byteLength(body), ...headers },
      });
      request.on('error', fail);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      request.end(body);
    });
  }

  destroy(): void {
    this.#agent.destroy();
  }
}

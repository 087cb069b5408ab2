import type { Codec } from '../codec.js';
import { CheckFailure } from '../outcome.js';
import { HttpPost } from './http-post.js';
import type { TlsSettings, Wire, WireHandler } from './wire.js';

/** What opens a long-poll. */
export interface LongPollOptions {
  url: string;
  codec: Codec;
  tls?: TlsSettings;
}

/** WAMP messages over HTTP long-poll, one in each body (LP-02, LP-03). */
export class LongPollWire implements Wire {
  readonly kind = 'longpoll';
  readonly #http: HttpPost;
  /** `<base>/<transport id>` */
  readonly #url: string;
  readonly #handler: WireHandler;
  readonly #text: boolean;
  #sent: Promise<unknown> = Promise.resolve();
  #ended = false;

  private constructor(
    http: HttpPost,
    url: string,
    { handler, text }: { handler: WireHandler; text: boolean },
  ) {
    this.#http = http;
    this.#url = url;
    this.#handler = handler;
    this.#text = text;
  }

  static async open(
    { codec, tls, ...options }: LongPollOptions,
    handler: WireHandler,
  ): Promise<LongPollWire> {
    const url = options.url.replace(/\/+$/, '');
    const http = new HttpPost(url, tls);
    const transport = await openLongPoll(http, url, `wamp.2.${codec.name}`);
    const wire = new LongPollWire(http, `${url}/${transport}`, { handler, text: codec.name === 'json' });
    void wire.#receive();
    return wire;
  }

  send(bytes: Uint8Array): void {
    this.#sent = this.#sent.then(async () => {
      if (this.#ended) return;
      const answer = await this.#http.send(`${this.#url}/send`, bytes).catch(() => null);
      if (answer === null) this.#end('a send got no answer');
    });
  }

  close(): void {
    this.#sent = this.#sent.then(() => this.#sayClose());
  }

  destroy(): void {
    void this.#sayClose();
  }

  async #sayClose(): Promise<void> {
    if (this.#ended) return;
    await this.#http.send(`${this.#url}/close`).catch(() => null);
    this.#end('the long-poll is closed');
  }

  async #receive(): Promise<void> {
    while (!this.#ended) {
      const answer = await this.#http.send(`${this.#url}/receive`).catch(() => null);
      if (answer === null || answer.status >= 300) {
        this.#end(
          answer === null ? 'a receive got no answer' : `a receive was answered with ${answer.status}`,
        );
        return;
      }
      if (answer.body.length > 0) this.#handler.onMessage(answer.body, this.#text);
    }
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#http.destroy();
    this.#handler.onClose(reason);
  }
}

/** Opens a long-poll in one protocol and gives its id. @throws {CheckFailure} when there is none */
export async function openLongPoll(http: HttpPost, url: string, protocol: string): Promise<string> {
  const { status, body } = await http.send(`${url}/open`, JSON.stringify({ protocols: [protocol] }));
  if (status !== 200) throw new CheckFailure(`no long-poll at ${url} in ${protocol}: HTTP ${status}`);
  const { transport } = JSON.parse(body.toString()) as { transport?: unknown };
  if (typeof transport !== 'string') throw new CheckFailure(`no transport in the answer: ${body.toString()}`);
  return transport;
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { WebSocket, WebSocketServer } from 'ws';

/** What becomes of the messages of a WebSocket on their way; `null`: nothing comes. */
export interface SickFrames {
  readonly up?: (bytes: Buffer) => Buffer | null;
  readonly down?: (bytes: Buffer) => Buffer | null;
}

/** A request of long-poll. */
interface Asked {
  /** `open`, `receive`, `send`, `close`; of a preflight `OPTIONS`. */
  readonly verb: string;
  /** Path below long-poll's own, without a slash before it. */
  path: string;
  body: Buffer;
}

/** Its answer. */
export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** What becomes of requests and answers. */
export interface SickAnswers {
  readonly up?: (asked: Asked) => void;
  readonly down?: (answered: Answered, asked: Asked, again: () => Promise<Answered>) => unknown;
}

/** Something that listens for a while. */
export interface Wire extends AsyncDisposable {
  readonly address: string;
}

/** Stands between WebSocket clients and a router. */
export async function sickWebSocket(url: string, sick: SickFrames): Promise<Wire> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (client, { headers }) => {
    const router = new WebSocket(url, headers['sec-websocket-protocol'] as string);
    const opened = once(router, 'open');
    const pass = (to: WebSocket, bytes: Buffer | null, binary: boolean) => {
      if (bytes !== null && to.readyState === WebSocket.OPEN) to.send(bytes, { binary });
    };
    client.on('message', async (bytes: Buffer, binary) => {
      await opened;
      pass(router, sick.up ? sick.up(bytes) : bytes, binary);
    });
    router.on('message', (bytes: Buffer, binary) =>
      pass(client, sick.down ? sick.down(bytes) : bytes, binary),
    );
    for (const [one, other] of [[client, router] as const, [router, client] as const]) {
      one.on('error', () => {});
      one.on('close', () => other.terminate());
    }
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const each of server.clients) each.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Stands between long-poll clients and a router. */
export async function sickLongPoll(url: string, sick: SickAnswers): Promise<Wire> {
  const server: Server = createServer(async (incoming: IncomingMessage, response: ServerResponse) => {
    const path = (incoming.url as string).replace(/^\/lp\//, '');
    const verb = incoming.method === 'POST' ? (path.split('?')[0]?.split('/').at(-1) as string) : 'OPTIONS';
    const asked: Asked = { verb, path, body: await buffer(incoming) };
    sick.up?.(asked);
    const pass = () => passOn(`${url}/${asked.path}`, incoming, asked.body);
    const answered = await pass();
    await sick.down?.(answered, asked, pass);
    const { 'transfer-encoding': _, 'content-length': __, ...headers } = answered.headers;
    response.writeHead(answered.status, headers);
    response.end(answered.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function passOn(url: string, { method, headers }: IncomingMessage, body: Buffer): Promise<Answered> {
  const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...others } = headers;
  const sent = request(url, { method, headers: { ...others, 'content-length': body.length }, agent: false });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const { connection: ____, ...kept } = answer.headers;
  return { status: answer.statusCode as number, headers: kept, body: await buffer(answer) };
}

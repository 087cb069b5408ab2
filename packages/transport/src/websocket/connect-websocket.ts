import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Peer } from '@wampkit/protocol';
import type { Attempt } from '../connect/connect-attempt.js';
import { connectRefused } from '../connect/connect-failure.js';
import type { ConnectPeerOptions } from '../connect/connect-options.js';
import { socketFailure } from '../connect/socket-failure.js';
import { limits } from '../limits.js';
import { describeTransport } from '../listener/transport-info.js';
import type { PeerHost } from '../peer/peer-host.js';
import { type Subprotocol, subprotocolsOf } from '../subprotocol.js';
import { createWebSocketPeer } from './create-websocket-peer.js';
import { receiveOptions } from './receive-options.js';
import { PeerWebSocket } from './websocket-peer.js';

/** Opens a WebSocket as a client: offers the serializers' subprotocols in order (BP-TRN-02, BAT-01). */
export function connectWebSocket(url: string, options: ConnectPeerOptions, host: PeerHost): Attempt {
  const socketOptions = {
    ...receiveOptions(host.maxMessageSize),
    perMessageDeflate: options.compression === true,
    headers: { ...options.headers },
    ...options.tls,
  };
  const offered = subprotocolsOf(options.serializers, options.batched === true);
  const ws = new PeerWebSocket(url, [...offered.keys()], socketOptions);
  return {
    peer: new Promise<Peer>((resolve, reject) => {
      let socket: Socket;
      ws.once('upgrade', (response) => {
        socket = response.socket;
      });
      ws.once('open', () => {
        ws.removeAllListeners();
        const subprotocol = offered.get(ws.protocol) as Subprotocol;
        const transport = describeTransport(socket, 'websocket', {
          serializer: subprotocol.serializer,
          end: 'client',
        });
        resolve(createWebSocketPeer(ws, socket, { host, transport, subprotocol, masked: true }));
      });
      ws.once('unexpected-response', (request, response) => {
        // Kept: a response that has been read lets go of it, for requests that will not come.
        const { socket: refused } = response;
        void readRefusal(response).then((text) => {
          request.destroy();
          refused.destroy();
          reject(describeRefusal(url, response, text));
        });
      });
      ws.on('error', (error) => reject(describeError(url, error)));
    }),
    abandon: () => ws.terminate(),
  };
}

/** The beginning of the text that came with an HTTP refusal. */
async function readRefusal(response: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk;
      if (text.length > limits.refusalBodySize) break;
    }
  } catch {
    // What has come is enough.
  }
  const type = response.headers['content-type'] ?? '';
  return type.startsWith('text/plain')
    ? (text.slice(0, limits.refusalBodySize).split('\n', 1)[0] as string)
    : '';
}

/** Statuses that the same request will get again. */
const lasting: readonly (number | undefined)[] = [400, 401, 403, 426];

function describeRefusal(url: string, response: IncomingMessage, text: string): Error {
  const status = `HTTP ${response.statusCode} ${response.statusMessage}`;
  const retryable = !lasting.includes(response.statusCode);
  return connectRefused(url, text === '' ? status : `${status}: ${text}`, { retryable });
}

function describeError(url: string, error: Error): Error {
  if (!/subprotocol/.test(error.message)) return socketFailure(url, error);
  return connectRefused(url, 'the other end speaks none of the offered WAMP subprotocols', {
    retryable: false,
  });
}

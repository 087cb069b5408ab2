import type { Serializer, TransportInfo } from '@wampkit/protocol';
import type { WebPeerBounds, WebSocketLike } from '../web-options.js';
import { WebPeer } from '../web-peer.js';

/** The client's end of a WAMP session over HTTP long-poll. */
export class LongPollClientPeer extends WebPeer {
  override readonly encoding: string;
  override readonly transport: TransportInfo;

  constructor(
    socket: WebSocketLike,
    url: string,
    parts: { serializer: Serializer; batched: boolean; bounds: WebPeerBounds },
  ) {
    super(socket, url, parts);
    const { name } = parts.serializer;
    this.encoding = `${name}/${parts.batched ? 'batched' : 'longpoll'}`;
    const { host, protocol } = new URL(url);
    this.transport = { type: 'longpoll', serializer: name, peer: host, secure: protocol === 'https:' };
  }
}

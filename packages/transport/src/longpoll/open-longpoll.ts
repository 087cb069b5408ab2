import type { ConnectError, Peer, Serializer } from '@wampkit/protocol';
import type { Attempt } from '../connect/connect-attempt.js';
import { connectRefused } from '../connect/connect-failure.js';
import { type Subprotocol, subprotocolsOf } from '../subprotocol.js';
import type { WebPeerBounds } from '../web-options.js';
import { longPollClientLimits } from './longpoll-client-limits.js';
import { LongPollClientPeer } from './longpoll-client-peer.js';
import { LongPollSocket } from './longpoll-socket.js';
import type { Post, PostAnswer } from './post.js';

/** What a client opens a long-poll with. */
export interface OpenLongPollOptions {
  readonly post: Post;
  readonly serializers: readonly Serializer[];
  readonly batched: boolean;
  readonly bounds: WebPeerBounds;
  /** Makes the error of an open that got no answer. */
  readonly describe: (url: string, error: unknown) => ConnectError;
  /** Called when the transport has ended, or none came to be. */
  readonly release?: () => void;
}

/** Statuses that the same request will get again. */
const lasting: readonly number[] = [400, 401, 403, 404, 405];

/** Opens a long-poll as a client: offers the serializers' protocols in order (LP-01). */
export function openLongPoll(url: string, options: OpenLongPollOptions): Attempt {
  const abort = new AbortController();
  const { post, serializers, batched, bounds, describe, release } = options;
  const base = url.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const offered = subprotocolsOf(serializers, batched);
  const open = async (): Promise<Peer> => {
    const body = JSON.stringify({ protocols: [...offered.keys()] });
    const answer = await post(`${base}/open`, body, {
      signal: abort.signal,
      limit: longPollClientLimits.openAnswerSize,
    }).catch((error: unknown) => {
      throw describe(url, error);
    });
    const { protocol, transport } = readOpened(url, answer);
    const subprotocol = offered.get(protocol);
    if (subprotocol === undefined)
      throw connectRefused(url, `the other end chose "${protocol}", which was not offered`, {
        retryable: false,
      });
    const receiveLimit = subprotocol.batched ? bounds.hardLimit : bounds.maxMessageSize;
    const parts = { post, url: `${base}/${transport}`, protocol, receiveLimit, release, ...subprotocol };
    return startPeer(new LongPollSocket(parts), url, { subprotocol, bounds });
  };
  const peer = open();
  peer.catch(() => release?.());
  return { peer, abandon: () => abort.abort() };
}

function startPeer(
  socket: LongPollSocket,
  url: string,
  { subprotocol, bounds }: { subprotocol: Subprotocol; bounds: WebPeerBounds },
): Peer {
  const peer = new LongPollClientPeer(socket, url, { ...subprotocol, bounds });
  socket.start();
  return peer;
}

function readOpened(url: string, { status, body }: PostAnswer): { protocol: string; transport: string } {
  const text = new TextDecoder().decode(body);
  if (status !== 200) {
    const line = text.split('\n', 1)[0] as string;
    throw connectRefused(url, `HTTP ${status}${line === '' ? '' : `: ${line}`}`, {
      retryable: !lasting.includes(status),
    });
  }
  try {
    const { protocol, transport } = JSON.parse(text) as Record<string, unknown>;
    if (typeof protocol === 'string' && typeof transport === 'string' && /^[^/?#]+$/.test(transport))
      return { protocol, transport };
  } catch {
    // What it is not is told below.
  }
  throw connectRefused(url, 'the answer opens no long-poll', { retryable: false });
}

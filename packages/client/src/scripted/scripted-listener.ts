import { ConnectError, createPeerPair, type Peer } from '@wampkit/protocol';
import { createDeferred, type Deferred } from '../deferred.js';
import { ScriptedPeer } from './scripted-peer.js';

/** Stands in for routers: pass its `connectPeer` to `connect`, and take what connects, also again and again. */
export class ScriptedListener {
  /** URLs in the order in which they were tried. */
  readonly urls: string[] = [];
  /** URLs that refuse connections. */
  readonly refused = new Set<string>();
  readonly #peers: ScriptedPeer[] = [];
  readonly #waiting: Deferred<ScriptedPeer>[] = [];

  /** The seam of `ConnectOptions.connectPeer`. */
  readonly connectPeer = async (url: string): Promise<Peer> => {
    this.urls.push(url);
    if (this.refused.has(url)) throw new ConnectError(`cannot connect to ${url}: refused`);
    const [clientEnd, routerEnd] = createPeerPair();
    const peer = new ScriptedPeer(routerEnd);
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#peers.push(peer);
    else waiting.resolve(peer);
    return clientEnd;
  };

  /** The next transport that was made. */
  accept(): Promise<ScriptedPeer> {
    const peer = this.#peers.shift();
    if (peer !== undefined) return Promise.resolve(peer);
    const waiting = createDeferred<ScriptedPeer>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }
}

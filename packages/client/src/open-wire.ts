import { type Clock, ConnectError, type Peer, type Serializer, type Timer } from '@wampkit/protocol';
import { canceledBy, onAbort } from './abort-signal.js';
import type { Hooks } from './hooks.js';
import { limits } from './limits.js';
import type { ConnectPeer, TransportOptions } from './options.js';
import { Wire } from './wire.js';

/** How transports are made. */
export interface OpenOptions {
  readonly connectPeer: ConnectPeer;
  readonly serializers: readonly Serializer[];
  readonly transport: TransportOptions;
  readonly clock: Clock;
  readonly hooks: Hooks;
  readonly signal: AbortSignal | undefined;
}

/**
 * A transport to `url`.
 *
 * @throws {ConnectError} when it could not be made within `connectTimeout`
 * @throws {CanceledError} when the signal aborted
 */
export function openWire(url: string, options: OpenOptions): Promise<Wire> {
  const where = url.replace(/(\/\/[^/:@]*):[^/@]*@/, '$1:***@'); // no password in a message
  const { connectPeer, serializers, transport, clock, hooks, signal } = options;
  const timeout = transport.connectTimeout ?? limits.connectTimeout;
  const controller = new AbortController();
  return new Promise<Wire>((resolve, reject) => {
    let stop = () => {};
    let timer: Timer | null = null;
    let done = false;
    const finish = (settle: () => void) => {
      if (done) return;
      done = true;
      timer?.cancel();
      stop();
      settle();
    };
    const giveUp = (error: Error) =>
      finish(() => {
        controller.abort(error);
        reject(error);
      });
    const opened = (peer: Peer) => {
      if (done) peer.close();
      else finish(() => resolve(new Wire(peer, hooks)));
    };
    const expire = () =>
      giveUp(new ConnectError(`cannot connect to ${where}: no connection within ${timeout} ms`));
    if (timeout > 0) timer = clock.setTimer(timeout, expire);
    stop = onAbort(signal, () => giveUp(canceledBy(signal as AbortSignal, `connecting to ${where}`)));
    if (done) return;
    connectPeer(url, { ...transport, serializers, signal: controller.signal, clock }).then(opened, (error) =>
      finish(() => reject(toConnectError(where, error))),
    );
  });
}

function toConnectError(where: string, error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  return new ConnectError(`cannot connect to ${where}: ${(error as Error)?.message ?? error}`, {
    cause: error,
  });
}

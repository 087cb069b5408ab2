import { type Dict, emptyDict, type Message, type Peer, type SharedMessage } from '@wampkit/protocol';
import type { Realm } from '../realm/realm.js';
import { dispatchMessage } from './message-dispatch.js';
import type { Session } from './session.js';

/** What a session of the router itself is, and who takes its messages. */
export interface LocalSessionOptions {
  readonly authid: string;
  readonly roles?: Dict;
  /** Called within the router's `send`: the payload is borrowed until it returns. It may send at once. */
  readonly receive: (message: Message) => void;
}

/** A session of the router itself, seen from its application. */
export interface LocalSession {
  readonly session: Session;
  /** Gives a message to broker or dealer; returns when it is dispatched. */
  send(message: Message): void;
  close(): void;
}

/**
 * Joins a session of the router itself, without a handshake. It is served as any other, by messages; but nothing waits
 * in between, so that what an application does is done, in the order of the requests, before the next message is read.
 */
export function openLocalSession(realm: Realm, options: LocalSessionOptions): LocalSession {
  const peer = new LocalPeer(options.receive);
  const session = realm.joinLocal({
    id: realm.reserveId(),
    peer,
    identity: { authid: options.authid, authrole: 'trusted', authmethod: 'local', authprovider: 'router' },
    roles: options.roles ?? emptyDict,
    abort: () => peer.close(),
    goodbye: () => peer.close(),
  });
  peer.onClose = () => realm.leave(session);
  const send = (message: Message): void => {
    if (peer.isClosed) return;
    try {
      dispatchMessage(realm, session, message);
    } catch (error) {
      realm.hooks.bug?.({ realm: realm.name, session: session.id, error });
    }
  };
  return { session, send, close: () => peer.close() };
}

class LocalPeer implements Peer {
  readonly encoding = 'local';
  readonly transport = { type: 'local' };
  readonly congested = false;
  readonly queuedBytes = 0;
  readonly onMessage = null;
  readonly onViolation = null;
  onClose: (() => void) | null = null;
  isClosed = false;
  readonly #receive: (message: Message) => void;

  constructor(receive: (message: Message) => void) {
    this.#receive = receive;
  }

  send(message: Message): null {
    if (!this.isClosed) this.#receive(message);
    return null;
  }

  sendShared(shared: SharedMessage): null {
    return this.send(shared.message);
  }

  pause(): void {
    // nothing ever waits here
  }

  resume(): void {
    // nothing ever waits here
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onClose?.();
  }
}

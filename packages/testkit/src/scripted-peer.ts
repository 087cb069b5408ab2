import {
  type CloseReason,
  createPeerPair,
  type Dict,
  Hello,
  type Message,
  messageValues,
  type Peer,
  ProtocolError,
  type SharedMessage,
  type TransportInfo,
  type WampError,
} from '@wampkit/protocol';

/** A message as the list that goes over the wire: code, header, Arguments, ArgumentsKw. */
export type WireMessage = readonly unknown[];

/** All four client roles with every feature that the spec knows for them. */
export const allRoles: Dict = {
  publisher: {
    features: {
      publisher_identification: true,
      publisher_exclusion: true,
      subscriber_blackwhite_listing: true,
    },
  },
  subscriber: { features: { publisher_identification: true, pattern_based_subscription: true } },
  caller: { features: { caller_identification: true, call_canceling: true, progressive_call_results: true } },
  callee: {
    features: {
      caller_identification: true,
      call_canceling: true,
      progressive_call_results: true,
      pattern_based_registration: true,
    },
  },
};

/** Waits until everything that memory peers have under way has arrived. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** A message as it looks on the wire. */
export function toWire(message: Message): WireMessage {
  const header = [message.code, ...messageValues(message)];
  if (!('payload' in message)) return header;
  const { payload } = message;
  if (payload.count === 0) return header;
  return payload.count === 1 ? [...header, payload.args()] : [...header, payload.args(), payload.kwargs()];
}

/** A peer that a test plays by hand: it records what comes, as it looks on the wire, and sends what it is told. */
export class ScriptedPeer {
  /** The end to give to the code under test. */
  readonly far: SteerablePeer;
  /** Everything received, oldest first. */
  readonly received: WireMessage[] = [];
  /** Set when the transport has ended. */
  closed: CloseReason | null = null;
  /** WELCOME.Session, once joined. */
  session = 0;
  /** WELCOME.Details, once joined. */
  details: Dict = {};
  readonly #near: Peer;
  #taken = 0;

  constructor(transport?: TransportInfo) {
    const [near, far] = createPeerPair();
    this.#near = near;
    this.far = new SteerablePeer(far, transport);
    near.onMessage = (message) => this.received.push(toWire(message));
    near.onClose = (reason) => {
      this.closed = reason;
    };
  }

  /** Attaches a new peer, says HELLO and waits for WELCOME. */
  static async join(
    attach: (peer: Peer) => void,
    realm = 'realm1',
    details: Dict = {},
  ): Promise<ScriptedPeer> {
    const peer = new ScriptedPeer();
    attach(peer.far);
    await peer.hello(realm, details);
    return peer;
  }

  /** Says HELLO and waits for WELCOME. */
  async hello(realm = 'realm1', details: Dict = {}): Promise<void> {
    const [welcome] = await this.exchange(new Hello(realm, { roles: allRoles, ...details }));
    if (welcome?.[0] !== 2) throw new Error(`no WELCOME but ${JSON.stringify(welcome)}`);
    this.session = welcome[1] as number;
    this.details = welcome[2] as Dict;
  }

  /** Sends messages in one turn. */
  send(...messages: Message[]): void {
    for (const message of messages) this.#near.send(message);
  }

  /** Sends messages and gives what came since the last `take`. */
  async exchange(...messages: Message[]): Promise<WireMessage[]> {
    this.send(...messages);
    await turn();
    return this.take();
  }

  /** What came since the last `take` or `exchange`. */
  take(): WireMessage[] {
    const news = this.received.slice(this.#taken);
    this.#taken = this.received.length;
    return news;
  }

  /** The first message that came since the last `take`, `exchange` or `next`; `undefined` when none did. */
  next(): WireMessage | undefined {
    const message = this.received[this.#taken];
    if (message !== undefined) this.#taken++;
    return message;
  }

  /** Ends the transport without a word. */
  async drop(): Promise<void> {
    this.#near.close('dropped');
    await turn();
  }
}

/** A peer whose send queue a test holds in its hand. */
export class SteerablePeer implements Peer {
  /** What `congested` says. */
  congested = false;
  /** Refuses a message that is to be sent, as a transport does that cannot carry it. */
  refuses: ((message: Message) => WampError | null) | null = null;
  readonly transport: TransportInfo;
  readonly #peer: Peer;
  onViolation: ((error: ProtocolError) => void) | null = null;

  constructor(peer: Peer, transport: TransportInfo = peer.transport) {
    this.#peer = peer;
    this.transport = transport;
  }

  get encoding(): string {
    return this.#peer.encoding;
  }

  get queuedBytes(): number {
    return this.congested ? 1 : 0;
  }

  /** As transports under test do, ends the loan of a message's payload when its dispatch returns. */
  set onMessage(handler: ((message: Message) => void) | null) {
    this.#peer.onMessage =
      handler &&
      ((message) => {
        handler(message);
        if ('payload' in message) message.payload.revoke();
      });
  }

  get onMessage(): ((message: Message) => void) | null {
    return this.#peer.onMessage;
  }

  set onClose(handler: ((reason: CloseReason) => void) | null) {
    this.#peer.onClose = handler;
  }

  get onClose(): ((reason: CloseReason) => void) | null {
    return this.#peer.onClose;
  }

  send(message: Message): WampError | null {
    return this.refuses?.(message) ?? this.#peer.send(message);
  }

  sendShared(shared: SharedMessage): WampError | null {
    return this.refuses?.(shared.message) ?? this.#peer.sendShared(shared);
  }

  pause(): void {
    this.#peer.pause();
  }

  resume(): void {
    this.#peer.resume();
  }

  close(reason?: string): void {
    this.#peer.close(reason);
  }

  /** Lets the owner believe that the other end sent what is no WAMP message. */
  violate(message: string): void {
    this.onViolation?.(new ProtocolError(message));
  }
}

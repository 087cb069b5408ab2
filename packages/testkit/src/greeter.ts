import { Authenticate, type Dict, Hello, type Peer, type TransportInfo } from '@wampkit/protocol';
import { vi } from 'vitest';
import { allRoles, ScriptedPeer, turn, type WireMessage } from './scripted-peer.js';

/** The client's half of a handshake, as @wampkit/auth has them. */
interface ClientHalf {
  readonly method: string;
  readonly authid?: string | undefined;
  readonly authextra?: Dict;
  answer(extra: Dict): Answer | Promise<Answer>;
  welcomed?(details: Dict): void;
}

interface Answer {
  readonly signature: string;
  readonly extra?: Dict;
}

interface BeginningHalf {
  begin(context: { readonly transport: TransportInfo }): ClientHalf;
}

/** Over what and where a test says HELLO. */
export interface GreetOptions {
  readonly transport?: TransportInfo;
  /** Default `realm1`. */
  readonly realm?: string;
  /** HELLO.Details besides those of the client's half. */
  readonly details?: Dict;
}

/** Says HELLO to what takes peers, and plays handshakes to their end. */
export class Greeter {
  readonly #attach: (peer: Peer) => void;

  constructor(attach: (peer: Peer) => void) {
    this.#attach = attach;
  }

  /** Says HELLO with these details, and gives what came first. */
  readonly greet = async (
    details: Dict,
    options: GreetOptions = {},
  ): Promise<{ peer: ScriptedPeer; answer: WireMessage; extra: Dict }> => {
    const peer = new ScriptedPeer(options.transport);
    this.#attach(peer.far);
    peer.send(new Hello(options.realm ?? 'realm1', { roles: allRoles, ...details, ...options.details }));
    const answer = await nextOf(peer);
    return { peer, answer, extra: (answer[0] === 4 ? answer[2] : {}) as Dict };
  };

  /** Joins by a client's half; gives the last message, WELCOME or ABORT, and its details. */
  readonly join = async (
    client: ClientHalf | BeginningHalf,
    options: GreetOptions = {},
  ): Promise<{ peer: ScriptedPeer; message: WireMessage; details: Dict }> => {
    const half =
      'begin' in client ? client.begin({ transport: options.transport ?? { type: 'memory' } }) : client;
    const { method, authid, authextra = {} } = half;
    const hello = { authmethods: [method], authextra, ...(authid === undefined ? {} : { authid }) };
    const { peer, answer } = await this.greet(hello, options);
    let message = answer;
    while (message[0] === 4) {
      const { signature, extra = {} } = await half.answer(message[2] as Dict);
      peer.send(new Authenticate(signature, extra));
      message = await nextOf(peer);
    }
    const details = message[message[0] === 2 ? 2 : 1] as Dict;
    if (message[0] === 2) half.welcomed?.(details);
    return { peer, message, details };
  };
}

/** The next message that a peer gets, whenever that is: deriving a key takes its time. */
export function nextOf(peer: ScriptedPeer): Promise<WireMessage> {
  return vi.waitFor(
    async () => {
      await turn();
      const message = peer.next();
      if (message === undefined) throw new Error('nothing came');
      return message;
    },
    { timeout: 5_000, interval: 5 },
  );
}

/** The URI of ABORT; of another message, all of it. */
export function reasonOf(message: WireMessage): unknown {
  return message[0] === 3 ? message[2] : message;
}

import {
  ErrorMessage,
  ErrorUri,
  emptyDict,
  type Invocation,
  isId,
  type Message,
  MessageCode,
  Payload,
  type Peer,
  Register,
  Yield,
} from '@wampkit/protocol';
import type { Realm } from '../realm/realm.js';
import { openLocalSession } from '../session/local-session.js';
import type { Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';

type Procedure = (args: readonly unknown[]) => Payload | Refusal;

/**
 * Serves `wamp.session.count`, `list` and `get` (SMETA-04, SMETA-05) in a realm, as an ordinary callee on a session
 * of the router: calls of them are subject to permissions as any other.
 *
 * @returns the transport of that session; closing it takes the procedures away
 */
export function serveSessionMetaApi(realm: Realm): Peer {
  const peer = openLocalSession(realm, { authid: 'wamp.session' });
  const api = new SessionMetaApi(realm, peer);
  peer.onMessage = (message) => api.receive(message);
  api.register();
  return peer;
}

class SessionMetaApi {
  readonly #realm: Realm;
  readonly #peer: Peer;
  readonly #procedures: ReadonlyMap<string, Procedure>;
  readonly #names: readonly string[];
  readonly #byRegistration = new Map<number, Procedure>();

  constructor(realm: Realm, peer: Peer) {
    this.#realm = realm;
    this.#peer = peer;
    this.#procedures = new Map<string, Procedure>([
      ['wamp.session.count', (args) => this.#select(args, (sessions) => sessions.length)],
      ['wamp.session.list', (args) => this.#select(args, (sessions) => sessions.map(({ id }) => id))],
      ['wamp.session.get', (args) => this.#get(args)],
    ]);
    this.#names = [...this.#procedures.keys()];
  }

  register(): void {
    for (const [index, name] of this.#names.entries())
      this.#peer.send(new Register(index + 1, emptyDict, name));
  }

  receive(message: Message): void {
    if (message.code === MessageCode.Registered) {
      const procedure = this.#procedures.get(this.#names[message.request - 1] as string) as Procedure;
      this.#byRegistration.set(message.registration, procedure);
    } else if (message.code === MessageCode.Invocation) this.#peer.send(this.#answer(message));
  }

  #answer({ request, registration, payload }: Invocation): Yield | ErrorMessage {
    const result = this.#call(registration, payload);
    if (result instanceof Payload) return new Yield(request, emptyDict, result);
    const text = Payload.of([result.text]);
    return new ErrorMessage(MessageCode.Invocation, request, emptyDict, result.uri, text);
  }

  #call(registration: number, payload: Payload): Payload | Refusal {
    const procedure = this.#byRegistration.get(registration) as Procedure;
    try {
      return procedure(payload.args());
    } catch (error) {
      this.#realm.hooks.bug?.({ realm: this.#realm.name, session: null, error });
      return { uri: ErrorUri.RuntimeError, text: 'the procedure failed' };
    }
  }

  #select(
    [authroles]: readonly unknown[],
    tell: (sessions: readonly Session[]) => unknown,
  ): Payload | Refusal {
    if (authroles === undefined || authroles === null)
      return Payload.of([tell([...this.#realm.sessions.values()])]);
    if (!Array.isArray(authroles) || !authroles.every((role) => typeof role === 'string'))
      return invalidArgument('filter_authroles must be a list of strings');
    const wanted = new Set(authroles);
    const sessions = [...this.#realm.sessions.values()];
    return Payload.of([tell(sessions.filter(({ identity }) => wanted.has(identity.authrole)))]);
  }

  #get([id]: readonly unknown[]): Payload | Refusal {
    if (!isId(id)) return invalidArgument('session must be an id');
    const session = this.#realm.sessions.get(id);
    if (session === undefined) return { uri: ErrorUri.NoSuchSession, text: `no session ${id}` };
    return Payload.of([session.describe()]);
  }
}

function invalidArgument(text: string): Refusal {
  return { uri: ErrorUri.InvalidArgument, text };
}

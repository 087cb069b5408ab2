import { CallError, ErrorUri, Payload } from '@wampkit/protocol';
import type { Realm } from '../realm/realm.js';
import { LocalCaller } from '../session/local-caller.js';
import type { SessionDetails } from '../session/session-details.js';
import type { AuthorizationOptions, Authorizer, Verdict } from './authorizer.js';
import type { Action } from './decision.js';

/**
 * Asks a procedure (AZ-03), in the name of the router: what it asks is not subject to any authorization itself.
 *
 * A session is never asked about itself: it could not answer while it waits for its own answer.
 */
export class ProcedureAuthorizer implements Authorizer {
  readonly name: string;
  readonly #own: Realm;
  readonly #find: () => Realm | undefined;
  #caller: { readonly realm: Realm; readonly calls: LocalCaller } | null = null;
  #registration: number | undefined;

  /** @param find the realm of the procedure, once it is there */
  constructor(procedure: string, own: Realm, find: () => Realm | undefined) {
    this.name = procedure;
    this.#own = own;
    this.#find = find;
  }

  /** The registration that answers, or did last: another one may think otherwise. */
  get generation(): unknown {
    const registration = this.#find()?.dealer.registry.find(this.name);
    if (registration !== undefined) this.#registration = registration.id;
    return this.#registration;
  }

  async authorize(
    session: SessionDetails,
    uri: string,
    action: Action,
    { match, signal }: AuthorizationOptions,
  ): Promise<Verdict> {
    const realm = this.#find();
    if (realm === undefined) throw new Error('its realm is gone');
    if (realm === this.#own && serves(realm, this.name, session.session))
      throw new Error('the session serves it itself');
    const payload = Payload.of([session, uri, action, { match, realm: this.#own.name }]);
    const result = await this.#calls(realm).call(this.name, payload, { signal });
    const [verdict, ...rest] = result.args();
    if (rest.length > 0 || Object.keys(result.kwargs()).length > 0)
      throw new CallError('its answer is more than one argument', { uri: ErrorUri.InvalidArgument });
    return verdict as Verdict; // judged by who asked
  }

  /** Ends its session; what is asked fails. */
  close(): void {
    this.#caller?.calls.close();
    this.#caller = null;
  }

  #calls(realm: Realm): LocalCaller {
    if (this.#caller?.realm !== realm) {
      this.close();
      this.#caller = { realm, calls: new LocalCaller(realm, 'wamp.authorizer') };
    }
    return this.#caller?.calls as LocalCaller;
  }
}

function serves(realm: Realm, procedure: string, session: number): boolean {
  const registration = realm.dealer.registry.find(procedure);
  return registration?.callees.some((callee) => callee.session.id === session) ?? false;
}

import { CallError, type Dict, isDict, isUri, Payload, type TransportInfo } from '@wampkit/protocol';
import { AUTHENTICATOR_TIMEOUT } from '../limits.js';
import type { DenyStep } from './authenticator.js';
import { failed } from './denials.js';
import type { KnownUser, UserRequest, UserSource } from './user-source.js';

/** Options of `usersByProcedure`. */
export interface ProcedureUsersOptions {
  /** The realm in which the procedure is registered. Default: the one that is joined. */
  readonly realm?: string;
  /** How long it may take to answer, in milliseconds. Default 5,000. */
  readonly timeout?: number;
}

/** Takes a procedure's answer for a user of a method; `null` when something of that is missing or malformed. */
export type ReadUser<User extends KnownUser> = (user: KnownUser, answer: Dict) => User | null;

/** Users whom a procedure tells; made by `usersByProcedure`. */
export class ProcedureUsers {
  readonly #procedure: string;
  readonly #options: ProcedureUsersOptions;

  constructor(procedure: string, options: ProcedureUsersOptions) {
    this.#procedure = procedure;
    this.#options = options;
  }

  /** As a method finds them; `read` takes an answer for a user of that method. */
  open<User extends KnownUser>(read: ReadUser<User>): UserSource<User> {
    return {
      authprovider: 'dynamic',
      judges: true,
      find: (request) => this.#find(request, read),
      decoy: () => undefined,
    };
  }

  async #find<User extends KnownUser>(request: UserRequest, read: ReadUser<User>): Promise<User | DenyStep> {
    const { realm, authid = null } = request;
    let answer: Payload;
    try {
      answer = await request.call({
        realm: this.#options.realm ?? realm,
        procedure: this.#procedure,
        payload: Payload.of([realm, authid, describeRequest(request)]),
        timeout: this.#options.timeout ?? AUTHENTICATOR_TIMEOUT,
      });
    } catch (error) {
      return this.#refused(error);
    }
    return readAnswer(answer.args()[0], read) ?? failed(`${this.#procedure} gave a malformed answer`);
  }

  /* DYN-01: an error that the procedure chose goes on; one that befell it is technical. */
  #refused(error: unknown): DenyStep {
    if (!(error instanceof CallError) || error.uri === undefined || !isChosen(error.uri))
      return failed(`${this.#procedure} did not decide`);
    const [message] = error.args;
    return { type: 'deny', reason: error.uri, ...(typeof message === 'string' ? { message } : {}) };
  }
}

/**
 * Lets a procedure tell the users of a method (DYN-01). It is called with (realm, authid or null, details), details being
 * `{ session, authmethod, authextra, transport, ticket? }`, and answers with a role, or with
 * `{ role, realm?, authid?, extra? }` and what a user of the method holds. In `ticket` and `jwt` it judges what it gets as
 * `ticket`. Its ERROR refuses the session with that URI; whatever else goes wrong, with
 * `wamp.error.authentication_failed`.
 *
 * @example
 * ticketAuthenticator({ users: usersByProcedure('com.example.authenticate', { realm: 'backend' }) });
 */
export function usersByProcedure(procedure: string, options: ProcedureUsersOptions = {}): ProcedureUsers {
  return new ProcedureUsers(procedure, options);
}

const authErrors = [
  'authentication_denied',
  'authentication_failed',
  'authentication_required',
  'no_such_principal',
  'no_such_role',
  'no_such_realm',
].map((name) => `wamp.error.${name}`);

/* Other URIs of the specification say what became of the call. */
function isChosen(uri: string): boolean {
  return uri.startsWith('wamp.') ? authErrors.includes(uri) : isUri(uri);
}

function readAnswer<User extends KnownUser>(answer: unknown, read: ReadUser<User>): User | null {
  const dict = typeof answer === 'string' ? { role: answer } : answer;
  if (!isDict(dict)) return null;
  const { role, authid, realm, extra } = dict;
  if (!isName(role) || !isNameOrAbsent(authid) || !isNameOrAbsent(realm)) return null;
  if (isPresent(extra) && !isDict(extra)) return null;
  const user = {
    role,
    ...(isPresent(authid) ? { authid } : {}),
    ...(isPresent(realm) ? { realm } : {}),
    ...(isPresent(extra) ? { extra } : {}),
  } as KnownUser;
  return read(user, dict);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isNameOrAbsent(value: unknown): boolean {
  return !isPresent(value) || isName(value);
}

function describeRequest(request: UserRequest): Dict {
  const { session, authmethod, authextra, transport, ticket } = request;
  return {
    session,
    authmethod,
    authextra,
    transport: describeTransport(transport),
    ...(ticket === undefined ? {} : { ticket }),
  };
}

/* AUTH-05: what proves a client by its transport stands under `auth`. */
function describeTransport(transport: TransportInfo): Dict {
  const { type, serializer, peer, secure, headers = {}, clientCertificate } = transport;
  const { cookie, authorization, ...others } = headers;
  const told = {
    type,
    serializer,
    peer,
    secure,
    ...(transport.headers === undefined ? {} : { headers: others }),
    auth: present({ cookie, authorization, certificate: clientCertificate && { ...clientCertificate } }),
  };
  return present(told);
}

function present(dict: Dict): Dict {
  return Object.fromEntries(Object.entries(dict).filter(([, value]) => value !== undefined));
}

import {
  type Dict,
  ErrorMessage,
  emptyDict,
  hasFeature,
  isId,
  MAX_ID,
  Payload,
  type Peer,
  ProtocolError,
  type RequestType,
  SequentialIds,
} from '@wampkit/protocol';
import type { Permissions } from '../authorization/decision.js';
import type { RolePermissions } from '../authorization/role-permissions.js';
import { type AskingRole, SessionAuthorization } from '../authorization/session-authorization.js';
import { EndedCalls } from '../dealer/ended-calls.js';
import { PendingCalls } from '../dealer/pending-calls.js';
import type { Refusal } from './refusal.js';
import { describeSession, type Identity, type SessionDetails } from './session-details.js';
import type { Testaments } from './testaments.js';

/** What a session is made of. */
export interface SessionOptions {
  readonly id: number;
  readonly peer: Peer;
  readonly identity: Identity;
  readonly permissions: RolePermissions;
  /** The authorizer of its role; `null`: its permissions decide alone. */
  readonly asking: AskingRole | null;
  /** HELLO.Details.roles. */
  readonly roles: Dict;
  /** What callees are told of its calls (CTL-01); `null`: nothing. */
  readonly trustlevel: number | null;
  /** Whether request ids must be sequential (BP-ID-07). */
  readonly strictRequestIds: boolean;
  /** Whether it belongs to the router itself: it may use reserved URIs, and the meta API does not tell of it. */
  readonly local: boolean;
  /** Ends the session at once with ABORT and closes its transport. */
  readonly abort: (reason: string, message: string) => void;
  /** Ends the session with GOODBYE; what it still sends is ignored. `message` `null`: GOODBYE has none. */
  readonly goodbye: (reason: string, message: string | null) => void;
}

/** A message that is answered with ERROR when it is refused. */
interface Request {
  readonly code: RequestType;
  readonly request: number;
}

/** A joined session: who it is, what it may do, and its open calls. */
export class Session {
  readonly id: number;
  readonly peer: Peer;
  readonly identity: Identity;
  readonly permissions: Permissions;
  /** What an authorizer has to be asked for; `null`: nothing. */
  readonly authorization: SessionAuthorization | null;
  readonly local: boolean;
  /** Whether it takes INTERRUPT as a callee (CAN-05). */
  readonly cancelable: boolean;
  /** Whether it gives progressive results as a callee, for which it must take INTERRUPT too (PCR-02). */
  readonly progressive: boolean;
  /** Whether it takes progressive invocations as a callee, for which it must take INTERRUPT too (PCI-03). */
  readonly progressiveInvocations: boolean;
  /** Whether it runs the timer of a call as a callee (TMO-04). */
  readonly timesCalls: boolean;
  /** Whether a call that it cannot take as a callee goes to another one (RER-03). */
  readonly reroutes: boolean;
  /** Whether it is told when a registration of it is revoked (RREV-02). */
  readonly takesRegistrationRevocation: boolean;
  /** Whether it announced progressive invocations as a caller (PCI-02). */
  readonly callsProgressively: boolean;
  /** Whether it takes and sends payloads passed through, in each role (PPT-01). */
  readonly passthruCaller: boolean;
  readonly passthruCallee: boolean;
  readonly passthruPublisher: boolean;
  /** What callees are told of its calls (CTL-01); `null`: nothing. */
  readonly trustlevel: number | null;
  /** Its calls that ended before their last chunk came; `null` while there was none. */
  endedCalls: EndedCalls | null = null;
  /** The calls it made, by CALL.Request. */
  readonly calls: PendingCalls<Session> = new PendingCalls();
  /** The calls it serves, by INVOCATION.Request. */
  readonly invocations: PendingCalls<Session> = new PendingCalls();
  /** Ids of the INVOCATIONs it gets (BP-ID-05). */
  invocationIds = new SequentialIds();
  /** What it wants published after its end; `null` while it has asked for nothing. */
  testaments: Testaments | null = null;
  /** Whether its end is told to nobody (SMETA-08). */
  leavesQuietly = false;
  readonly abort: (reason: string, message: string) => void;
  readonly goodbye: (reason: string, message: string | null) => void;
  /** Whether it is told when a subscription of it is revoked (SREV-01). */
  readonly takesSubscriptionRevocation: boolean;
  readonly #strict: boolean;
  #lastRequest = 0;
  #holds = 0;

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.peer = options.peer;
    this.identity = options.identity;
    this.authorization =
      options.asking === null ? null : new SessionAuthorization(options.asking, () => this.describe());
    this.permissions = this.authorization ?? options.permissions;
    this.local = options.local;
    const { roles } = options;
    this.cancelable = hasFeature(roles, 'callee', 'call_canceling');
    this.progressive = this.cancelable && hasFeature(roles, 'callee', 'progressive_call_results');
    this.progressiveInvocations =
      this.cancelable && hasFeature(roles, 'callee', 'progressive_call_invocations');
    this.timesCalls = hasFeature(roles, 'callee', 'call_timeout');
    this.reroutes = hasFeature(roles, 'callee', 'call_reroute');
    this.takesRegistrationRevocation = hasFeature(roles, 'callee', 'registration_revocation');
    this.takesSubscriptionRevocation = hasFeature(roles, 'subscriber', 'subscription_revocation');
    this.callsProgressively = hasFeature(roles, 'caller', 'progressive_call_invocations');
    this.passthruCaller = hasFeature(roles, 'caller', 'payload_passthru_mode');
    this.passthruCallee = hasFeature(roles, 'callee', 'payload_passthru_mode');
    this.passthruPublisher = hasFeature(roles, 'publisher', 'payload_passthru_mode');
    this.trustlevel = options.trustlevel;
    this.abort = options.abort;
    this.goodbye = options.goodbye;
    this.#strict = options.strictRequestIds;
  }

  /**
   * Takes note of a request's id.
   *
   * @throws {ProtocolError} when it is out of range, in use, or, in strict mode, not the next one (BP-ID-07)
   */
  admitRequest(request: number): void {
    this.admitRequestId(request);
    if (this.calls.size > 0 && this.calls.get(request) !== undefined)
      throw new ProtocolError(`request id ${request} is in use by a call that is not answered yet`);
  }

  /**
   * As `admitRequest`, for an id that no open call has.
   *
   * @throws {ProtocolError} when it is out of range, or, in strict mode, not the next one (BP-ID-07)
   */
  admitRequestId(request: number): void {
    if (this.#strict) this.#admitNext(request);
    else if (!isId(request)) throw new ProtocolError(`request id ${request} is not in [1, 2^53]`);
  }

  /** Takes note of a call that ended before its last chunk came (PCI-07). */
  noteEndedCall(request: number): void {
    this.endedCalls ??= new EndedCalls();
    this.endedCalls.add(request);
  }

  /** Answers a request with ERROR. */
  refuse(request: Request, refusal: Refusal): void {
    const payload = Payload.of([refusal.text], refusal.kwargs);
    this.peer.send(new ErrorMessage(request.code, request.request, emptyDict, refusal.uri, payload));
  }

  /** Keeps what it sends from now on behind what is awaited (BP-ORD), until as many `release` follow. */
  hold(): void {
    this.#holds++;
    if (this.#holds === 1) this.peer.pause();
  }

  release(): void {
    this.#holds--;
    if (this.#holds === 0) this.peer.resume();
  }

  /** The session as others may know it. */
  describe(): SessionDetails {
    return describeSession(this.id, this.identity, this.peer.transport);
  }

  #admitNext(request: number): void {
    const next = this.#lastRequest === MAX_ID ? 1 : this.#lastRequest + 1;
    if (request !== next) throw new ProtocolError(`request id ${request} is not the next one, ${next}`);
    this.#lastRequest = next;
  }
}

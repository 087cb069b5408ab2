import { CallError, type Dict, emptyDict, isUri, type Payload, type TransportInfo } from '@wampkit/protocol';
import type { AuthCall, Authenticator, AuthRequest, AuthStep } from '../authentication/authenticator.js';

/** How to get through an authenticator, and how not to. */
export interface AuthenticatorFixture {
  /** Makes the authenticator, anew for each check. */
  create(): Authenticator;
  /** What a session says that must get in. */
  readonly welcome: AuthAttempt;
  /** What sessions say that must not get in. */
  readonly unwelcome: readonly AuthAttempt[];
  /** Answers the calls that the authenticator makes; without it there is no procedure. */
  call?(call: AuthCall): Promise<Payload>;
}

/** One session's part in an authentication. */
export interface AuthAttempt {
  readonly authid?: string;
  readonly authextra?: Dict;
  /** Over which transport; `{ type: 'memory' }` when absent. */
  readonly transport?: TransportInfo;
  /** Answers a CHALLENGE; a session that is never challenged needs none. */
  answer?(
    extra: Dict,
  ):
    | { readonly signature: string; readonly extra?: Dict }
    | Promise<{ readonly signature: string; readonly extra?: Dict }>;
}

/** One check of a contract; `run` rejects when it does not hold. */
export interface ContractCheck {
  readonly name: string;
  run(): Promise<void>;
}

/**
 * The checks that every `Authenticator` must pass. They need no test framework: give each to yours.
 *
 * @example
 * ```ts
 * for (const { name, run } of authenticatorContract({ create: () => myAuthenticator(), welcome, unwelcome }))
 *   test(name, run);
 * ```
 */
export function authenticatorContract(fixture: AuthenticatorFixture): readonly ContractCheck[] {
  const attempts = fixture.unwelcome.map((attempt, index) => ({
    name: `AUTH-04: unwelcome session ${index + 1} is denied with a URI`,
    run: () => checkDenied(fixture, attempt),
  }));
  return [
    { name: 'AUTH-01: it has a method name', run: async () => checkMethod(fixture.create()) },
    { name: 'AUTH-03: a welcome session gets authid and authrole', run: () => checkAccepted(fixture) },
    { name: 'AUTH-02: two exchanges at a time do not touch each other', run: () => checkApart(fixture) },
    ...attempts,
  ];
}

function checkMethod({ method }: Authenticator): void {
  demand(typeof method === 'string' && method !== '', 'method must be a string that is not empty');
}

async function checkAccepted(fixture: AuthenticatorFixture): Promise<void> {
  const end = await authenticate({ ...fixture, authenticator: fixture.create() }, fixture.welcome, 1);
  demand(end.type === 'accept', `the welcome session got ${JSON.stringify(end)}`);
  if (end.type !== 'accept') return;
  demand(typeof end.authid === 'string' && end.authid !== '', 'authid must be a string that is not empty');
  demand(
    typeof end.authrole === 'string' && end.authrole !== '',
    'authrole must be a string that is not empty',
  );
}

async function checkDenied(fixture: AuthenticatorFixture, attempt: AuthAttempt): Promise<void> {
  const end = await authenticate({ ...fixture, authenticator: fixture.create() }, attempt, 1);
  demand(end.type === 'deny', `the unwelcome session got ${JSON.stringify(end)}`);
  if (end.type === 'deny') demand(isUri(end.reason), `reason "${end.reason}" must be a URI`);
}

async function checkApart(fixture: AuthenticatorFixture): Promise<void> {
  const under = { ...fixture, authenticator: fixture.create() };
  const [stranger = fixture.welcome] = fixture.unwelcome;
  const ends = await Promise.all([
    authenticate(under, fixture.welcome, 1),
    authenticate(under, stranger, 2),
    authenticate(under, fixture.welcome, 3),
  ]);
  const expected = ['accept', stranger === fixture.welcome ? 'accept' : 'deny', 'accept'];
  const got = ends.map(({ type }) => type);
  demand(got.join() === expected.join(), `expected ${expected.join(', ')}, got ${got.join(', ')}`);
}

/* Plays one session's part to its end. */
async function authenticate(
  { authenticator, call = noProcedure }: { authenticator: Authenticator; call?: AuthRequest['call'] },
  attempt: AuthAttempt,
  session: number,
): Promise<Exclude<AuthStep, { type: 'challenge' }>> {
  const request: AuthRequest = {
    realm: 'realm1',
    session,
    ...(attempt.authid === undefined ? {} : { authid: attempt.authid }),
    authextra: attempt.authextra ?? emptyDict,
    transport: attempt.transport ?? { type: 'memory' },
    call,
  };
  let step = await authenticator.start(request);
  for (let rounds = 0; step.type === 'challenge'; rounds++) {
    demand(rounds < 10, 'more than 10 challenges');
    if (attempt.answer === undefined) throw new Error('challenged, but the attempt has no answer');
    const { signature, extra = emptyDict } = await attempt.answer(step.extra);
    step = await step.answer(signature, extra);
  }
  return step;
}

function noProcedure(): Promise<never> {
  return Promise.reject(new CallError('no procedure', { uri: 'wamp.error.no_such_procedure' }));
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

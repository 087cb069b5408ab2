import type { MatchPolicy } from '@wampkit/protocol';
import type { Authorizer } from '../authorization/authorizer.js';
import type { Action } from '../authorization/decision.js';
import { type ReadVerdict, readVerdict } from '../authorization/read-verdict.js';
import type { ContractCheck } from './authenticator-contract.js';

/** What an authorizer is asked in a check. */
export interface AuthorizationAttempt {
  readonly action: Action;
  readonly uri: string;
  readonly match?: MatchPolicy;
  /** Who asks; default `user`. */
  readonly authrole?: string;
}

/** What an authorizer must allow, and what it must not. */
export interface AuthorizerFixture {
  /** Makes the authorizer, anew for each check. */
  create(): Authorizer;
  readonly allowed: readonly AuthorizationAttempt[];
  readonly denied: readonly AuthorizationAttempt[];
}

/**
 * The checks that every `Authorizer` must pass. They need no test framework: give each to yours.
 *
 * @example
 * ```ts
 * for (const { name, run } of authorizerContract({ create: () => myAuthorizer(), allowed, denied })) test(name, run);
 * ```
 */
export function authorizerContract(fixture: AuthorizerFixture): readonly ContractCheck[] {
  const each = (attempts: readonly AuthorizationAttempt[], allow: boolean): ContractCheck[] =>
    attempts.map((attempt) => ({
      name: `AZ-01: ${allow ? 'allows' : 'denies'} ${describe(attempt)}`,
      run: () => checkVerdict(fixture.create(), attempt, allow),
    }));
  return [
    { name: 'AZ-02: it has a name', run: async () => checkName(fixture.create()) },
    ...each(fixture.allowed, true),
    ...each(fixture.denied, false),
    {
      name: 'AZ-04: questions that are open at a time do not touch each other',
      run: () => checkApart(fixture),
    },
    { name: 'AZ-03: an answer is the same as long as the generation is', run: () => checkSame(fixture) },
    { name: 'AZ-02: a question that was given up harms no later one', run: () => checkGivenUp(fixture) },
  ];
}

async function checkName({ name }: Authorizer): Promise<void> {
  demand(typeof name === 'string' && name !== '', 'name must be a string that is not empty');
}

async function checkVerdict(
  authorizer: Authorizer,
  attempt: AuthorizationAttempt,
  allow: boolean,
): Promise<void> {
  const verdict = await ask(authorizer, attempt);
  demand(verdict.allow === allow, `${describe(attempt)}: allow is ${verdict.allow}`);
}

async function checkApart({ create, allowed, denied }: AuthorizerFixture): Promise<void> {
  const authorizer = create();
  const attempts = [...denied, ...allowed, ...denied];
  const verdicts = await Promise.all(attempts.map((attempt, index) => ask(authorizer, attempt, index + 1)));
  for (const [index, attempt] of attempts.entries())
    demand(
      verdicts[index]?.allow === allowed.includes(attempt),
      `${describe(attempt)}: decided as another question`,
    );
}

async function checkSame({ create, allowed, denied }: AuthorizerFixture): Promise<void> {
  const authorizer = create();
  for (const attempt of [...allowed, ...denied]) {
    const { generation } = authorizer;
    const verdicts = [await ask(authorizer, attempt), await ask(authorizer, attempt)];
    if (verdicts.every(({ cache }) => cache) && authorizer.generation === generation)
      demand(
        verdicts[0]?.allow === verdicts[1]?.allow,
        `${describe(attempt)}: answers differ, yet say cache`,
      );
  }
}

async function checkGivenUp({ create, allowed }: AuthorizerFixture): Promise<void> {
  const authorizer = create();
  const [attempt] = allowed;
  if (attempt === undefined) throw new Error('the fixture allows nothing');
  const given = new AbortController();
  const first = Promise.resolve(ask(authorizer, attempt, 1, given.signal)).catch(() => undefined);
  given.abort();
  await first;
  demand((await ask(authorizer, attempt, 2)).allow, 'it denies what it allows');
}

async function ask(
  authorizer: Authorizer,
  { action, uri, match = 'exact', authrole = 'user' }: AuthorizationAttempt,
  session = 1,
  signal = new AbortController().signal,
): Promise<ReadVerdict> {
  const identity = {
    authid: `${authrole}-${session}`,
    authrole,
    authmethod: 'ticket',
    authprovider: 'static',
  };
  const details = { session, ...identity, transport: { type: 'memory' } };
  const verdict = readVerdict(await authorizer.authorize(details, uri, action, { match, signal }));
  if (typeof verdict === 'string') throw new Error(verdict);
  return verdict;
}

function describe({ action, uri, match = 'exact' }: AuthorizationAttempt): string {
  return `${action} of ${match} ${JSON.stringify(uri)}`;
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

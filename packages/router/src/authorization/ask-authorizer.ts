import { type Clock, type MatchPolicy, TimeoutError } from '@wampkit/protocol';
import type { SessionDetails } from '../session/session-details.js';
import type { Authorizer } from './authorizer.js';
import { type Action, type Decision, undecided } from './decision.js';
import type { OpenQuestions } from './open-questions.js';
import { readVerdict } from './read-verdict.js';

/** What an authorizer is asked. */
export interface Question {
  readonly action: Action;
  readonly uri: string;
  readonly match: MatchPolicy;
}

/** An authorizer with what bounds it. */
export interface BoundedAuthorizer {
  readonly authorizer: Authorizer;
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly questions: OpenQuestions;
}

/** A decision of an authorizer, and whether it may be held. */
export interface AuthorizerAnswer {
  readonly decision: Decision;
  readonly cache: boolean;
}

/**
 * Asks an authorizer. Whatever goes wrong, there is an answer in time, which then allows nothing (AZ-02).
 *
 * @param controller aborts the question; also aborted when time is up
 * @returns at once when the authorizer answers at once
 */
export function askAuthorizer(
  { authorizer, timeout, clock, questions }: BoundedAuthorizer,
  session: SessionDetails,
  { question, controller }: { readonly question: Question; readonly controller: AbortController },
): AuthorizerAnswer | Promise<AuthorizerAnswer> {
  const { action, uri, match } = question;
  const { signal } = controller;
  if (!questions.open()) return failure(authorizer, 'too many questions wait for an answer');
  try {
    const given = authorizer.authorize(session, uri, action, { match, signal });
    if (!(given instanceof Promise)) {
      questions.close();
      return answerOf(authorizer, given);
    }
    return within(given, { timeout, clock, controller })
      .then((verdict) => answerOf(authorizer, verdict))
      .catch((error: unknown) => failure(authorizer, describe(error)))
      .finally(() => questions.close());
  } catch (error) {
    questions.close();
    return failure(authorizer, describe(error));
  }
}

/* Settles when `given` does, or when the question is given up, whether or not the authorizer heeds the signal. */
function within(
  given: Promise<unknown>,
  bound: { readonly timeout: number; readonly clock: Clock; readonly controller: AbortController },
): Promise<unknown> {
  const { timeout, clock, controller } = bound;
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(timeout, () =>
      controller.abort(new TimeoutError(`no answer within ${timeout} ms`)),
    );
    const giveUp = (): void => {
      timer.cancel(); // an authorizer that does not heed the signal may never settle
      reject(controller.signal.reason);
    };
    controller.signal.addEventListener('abort', giveUp, { once: true });
    given.then(resolve, reject).finally(() => timer.cancel());
  });
}

function answerOf(authorizer: Authorizer, given: unknown): AuthorizerAnswer {
  const verdict = readVerdict(given);
  if (typeof verdict === 'string') return failure(authorizer, verdict);
  const { allow, disclose, cache } = verdict;
  const rule = nameOf(authorizer);
  const decision = {
    allowed: allow,
    discloseCaller: disclose,
    disclosePublisher: disclose,
    rule,
    failed: false,
    check: null,
  };
  return { decision: Object.freeze(decision), cache };
}

function failure(authorizer: Authorizer, why: string): AuthorizerAnswer {
  return { decision: undecided(`${nameOf(authorizer)}: ${why}`), cache: false };
}

function nameOf({ name }: Authorizer): string {
  return `authorizer ${JSON.stringify(name)}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

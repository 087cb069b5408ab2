import type { MatchPolicy } from '@wampkit/protocol';
import { DECISIONS_PER_SESSION, LONGEST_CACHED_URI } from '../limits.js';
import type { SessionDetails } from '../session/session-details.js';
import { BoundedMap } from '../uri/bounded-map.js';
import {
  type AuthorizerAnswer,
  askAuthorizer,
  type BoundedAuthorizer,
  type Question,
} from './ask-authorizer.js';
import { type Action, type Decision, type Permissions, undecided, unruled } from './decision.js';
import type { OpenQuestions } from './open-questions.js';
import type { RolePermissions } from './role-permissions.js';

/** What the sessions of a role with an authorizer share. */
export interface AskingRole extends BoundedAuthorizer {
  /** They decide first; the authorizer is asked where no rule of them does. */
  readonly permissions: RolePermissions;
  /** How long an answer that says so is held, in milliseconds. */
  readonly cacheTime: number;
}

interface Held {
  readonly decision: Decision;
  /** By the monotonic clock. */
  readonly until: number;
  /** The authorizer's, when it was asked. */
  readonly generation: unknown;
}

interface Answered extends Question {
  readonly decision: Decision;
}

const unasked = undecided('the authorizer was not asked');

/**
 * What one session of a role with an authorizer may do.
 *
 * Broker and dealer never wait: whoever passes them a message asks before (`ask`), and gives them the answer for the time
 * of its dispatch (`during`). What was not asked for is denied.
 */
export class SessionAuthorization implements Permissions {
  readonly #role: AskingRole;
  readonly #describe: () => SessionDetails;
  readonly #open = new Set<AbortController>();
  #held = decisionCache();
  #answered: Answered | null = null;

  constructor(role: AskingRole, describe: () => SessionDetails) {
    this.#role = role;
    this.#describe = describe;
  }

  /** What bounds the questions of the realm. */
  get questions(): OpenQuestions {
    return this.#role.questions;
  }

  /** As `decidePattern`. */
  decide(action: Action, uri: string): Decision {
    return this.decidePattern(action, uri, 'exact');
  }

  /** What is known without asking. */
  decidePattern(action: Action, uri: string, match: MatchPolicy): Decision {
    const answered = this.#answered;
    if (answered !== null && answered.action === action && answered.uri === uri && answered.match === match)
      return answered.decision;
    return this.#known({ action, uri, match }) ?? unasked;
  }

  /** Decides, by asking the authorizer where nothing is known; it gives a promise only then. */
  ask(question: Question): Decision | Promise<Decision> {
    const known = this.#known(question);
    if (known !== null) return known;
    const controller = new AbortController();
    const held = this.#held;
    const { generation } = this.#role.authorizer;
    const keep = ({ decision, cache }: AuthorizerAnswer): Decision => {
      if (cache)
        held.set(keyOf(question), { decision, until: this.#now() + this.#role.cacheTime, generation });
      return decision;
    };
    const answer = askAuthorizer(this.#role, this.#describe(), { question, controller });
    if (!(answer instanceof Promise)) return keep(answer);
    this.#open.add(controller);
    return answer.then(keep).finally(() => this.#open.delete(controller));
  }

  /** Runs a dispatch in which a decision holds. */
  during(question: Question, decision: Decision, dispatch: () => void): void {
    this.#answered = { ...question, decision };
    try {
      dispatch();
    } finally {
      this.#answered = null;
    }
  }

  /** Gives up the answers that are held; also those that are under way are not held. */
  flush(): void {
    this.#held = decisionCache();
  }

  /** Gives up what is asked: the session is gone. */
  end(): void {
    for (const controller of this.#open) controller.abort(new Error('the session is gone'));
  }

  #known(question: Question): Decision | null {
    const { action, uri, match } = question;
    const ruled = this.#role.permissions.decidePattern(action, uri, match);
    if (ruled !== unruled) return ruled;
    const held = this.#held.get(keyOf(question));
    if (held === undefined) return null;
    return held.until > this.#now() && held.generation === this.#role.authorizer.generation
      ? held.decision
      : null;
  }

  #now(): number {
    return this.#role.clock.monotonic();
  }
}

function decisionCache(): BoundedMap<Held> {
  return new BoundedMap(DECISIONS_PER_SESSION, LONGEST_CACHED_URI);
}

function keyOf({ action, uri, match }: Question): string {
  return `${action} ${match} ${uri}`;
}

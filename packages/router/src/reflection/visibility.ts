import { decideOrAsk } from '../authorization/decide.js';
import type { Decision } from '../authorization/decision.js';
import type { Session } from '../session/session.js';
import type { DefinedKind } from './definitions.js';

/* An error has no action of its own: it is known to who calls or subscribes where it stands. */
const uses: Readonly<Record<DefinedKind, readonly ('call' | 'subscribe')[]>> = {
  procedure: ['call'],
  topic: ['subscribe'],
  error: ['call', 'subscribe'],
};

/* Likewise it is defined by who registers or publishes there. */
const provisions: Readonly<Record<DefinedKind, readonly ('register' | 'publish')[]>> = {
  procedure: ['register'],
  topic: ['publish'],
  error: ['register', 'publish'],
};

/**
 * Whether a session may use a URI as that kind, and so may know of it (REFL-01), as far as that is known without asking an
 * authorizer: one URI of many, or one receiver of many, is not worth a question.
 */
export function isKnownToUse({ permissions }: Session, kind: DefinedKind, uri: string): boolean {
  return uses[kind].some((action) => permissions.decide(action, uri).allowed);
}

/** As `isKnownToUse`, by asking where that is needed. */
export async function mayUse(session: Session, kind: DefinedKind, uri: string): Promise<boolean> {
  for (const action of uses[kind])
    if ((await decideOrAsk(session, { action, uri, match: 'exact' })).allowed) return true;
  return false;
}

/** A decision, with what it is about. */
export interface Provision {
  readonly action: 'register' | 'publish';
  readonly decision: Decision;
}

/** Decides whether a session may provide a URI as that kind, and so may define it. */
export async function decideProvision(session: Session, kind: DefinedKind, uri: string): Promise<Provision> {
  const provided: Provision[] = [];
  for (const action of provisions[kind]) {
    const decision = await decideOrAsk(session, { action, uri, match: 'exact' });
    if (decision.allowed) return { action, decision };
    provided.push({ action, decision });
  }
  return provided[0] as Provision;
}

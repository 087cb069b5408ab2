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

/** Whether a session may use a URI as that kind, and so may know of it (REFL-01). */
export function mayUse({ permissions }: Session, kind: DefinedKind, uri: string): boolean {
  return uses[kind].some((action) => permissions.decide(action, uri).allowed);
}

/** Whether a session may provide a URI as that kind, and so may define it. */
export function mayProvide({ permissions }: Session, kind: DefinedKind, uri: string): boolean {
  return provisions[kind].some((action) => permissions.decide(action, uri).allowed);
}

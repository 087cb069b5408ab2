import type { Dict } from '@wampkit/protocol';
import type { Registration } from '../dealer/registration.js';

/** A registration as the meta API tells it (RMETA-03). */
export function describeRegistration<Session>(registration: Registration<Session>): Dict {
  const { id, created, procedure, match, invoke } = registration;
  return { id, created: new Date(created).toISOString(), uri: procedure, match, invoke };
}

import { type Dict, messageName, ProtocolError } from '@wampkit/protocol';
import type { Session } from './session.js';

/** Those attributes of Options or Details that say how a payload is passed through. */
const attributes = ['ppt_scheme', 'ppt_serializer', 'ppt_cipher', 'ppt_keyid'] as const;

/**
 * The attributes of payload passthru that a message's dict holds, to be handed on as they are (PPT-02).
 *
 * @returns `null` when the payload is an ordinary one: the scheme is absent or empty
 */
export function passthruOf(dict: Dict): Dict | null {
  if (dict.ppt_scheme === undefined || dict.ppt_scheme === '') return null;
  const held = attributes.filter((key) => dict[key] !== undefined);
  return Object.freeze(Object.fromEntries(held.map((key) => [key, dict[key]])));
}

/**
 * Takes note that a session sends a payload passed through.
 *
 * @throws {ProtocolError} when it did not announce it for the role in which it sends (PPT-03)
 */
export function admitPassthru(
  session: Session,
  role: 'passthruCaller' | 'passthruCallee' | 'passthruPublisher',
  code: number,
): void {
  if (!session[role])
    throw new ProtocolError(`${messageName(code)}: the sender did not announce payload_passthru_mode`);
}

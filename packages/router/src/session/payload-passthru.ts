import { type Dict, messageName, ProtocolError } from '@wampkit/protocol';

/**
 * Refuses what the router did not announce (PPT-03).
 *
 * @throws {ProtocolError} when the dict says that the payload is passed through
 */
export function refusePassthru(code: number, dict: Dict): void {
  const scheme = dict.ppt_scheme;
  if (scheme !== undefined && scheme !== '')
    throw new ProtocolError(`${messageName(code)}: the router did not announce payload_passthru_mode`);
}

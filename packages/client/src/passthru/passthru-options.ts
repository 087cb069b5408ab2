import type { Dict } from '@wampkit/protocol';

/**
 * The attributes of payload passthru, in Options of what is sent and Details of what is received (PPT-02). A type, so
 * that it is one of the options that may hold your own too.
 */
export type PassthruOptions = {
  /** `wamp`, `mqtt` or a name of your own that begins with `x_` (PPT-06). Absent or empty: an ordinary payload. */
  readonly ppt_scheme?: string;
  /** What the payload is packed in: the name of a serializer, or `native`: it is not. */
  readonly ppt_serializer?: string;
  /** What it is encrypted with. */
  readonly ppt_cipher?: string;
  /** Which key it is encrypted with. */
  readonly ppt_keyid?: string;
};

const attributes = ['ppt_scheme', 'ppt_serializer', 'ppt_cipher', 'ppt_keyid'] as const;

/** The attributes of payload passthru in a message's dict; `null` when its payload is an ordinary one. */
export function passthruOf(dict: Dict): PassthruOptions | null {
  if (typeof dict.ppt_scheme !== 'string' || dict.ppt_scheme === '') return null;
  return Object.fromEntries(attributes.filter((key) => key in dict).map((key) => [key, dict[key]]));
}

/** A secret, or who is asked for it at each handshake. */
export type Secret = string | (() => string | Promise<string>);

/** Has the secret of a handshake. */
export async function readSecret(secret: Secret): Promise<string> {
  return typeof secret === 'string' ? secret : secret();
}

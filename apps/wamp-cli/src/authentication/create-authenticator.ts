import { readFile } from 'node:fs/promises';
import type { ClientAuthenticator } from '@wampkit/client';
import { readSecret } from '../read-secret.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { AuthOptions } from './auth-options.js';
import { isKey, readPrivateKey } from './read-private-key.js';

/**
 * Makes what the client joins with; only the method that is used is loaded. A secret is asked for once, also where the
 * session is made again.
 *
 * @throws {UsageError} for secrets and keys that are not there or cannot be used
 */
export async function createAuthenticator(
  auth: AuthOptions,
  terminal: Terminal,
): Promise<ClientAuthenticator> {
  const { method, authid = '', channelBinding } = auth;
  const secret = auth.secret === undefined ? '' : await readSecret(auth.secret, terminal);
  const simple = await import('@wampkit/auth');
  switch (method) {
    case 'ticket':
      return simple.ticket(authid, secret);
    case 'jwt':
      return { ...simple.jwt(secret), ...withAuthid(auth) };
    case 'wampcra':
      return (await import('@wampkit/auth/wampcra')).wampcra(authid, secret);
    case 'wamp-scram':
      return (await import('@wampkit/auth/wamp-scram')).wampScram(authid, secret, {
        ...(channelBinding && { channelBinding }),
      });
    case 'cryptosign':
      return createCryptosign(auth, secret);
    default:
      return simple[method](auth.authid);
  }
}

async function createCryptosign(auth: AuthOptions, text: string): Promise<ClientAuthenticator> {
  const { routerKey, channelBinding } = auth;
  const key = readPrivateKey(text, auth.secret?.option ?? '--private-key');
  const { cryptosign } = await import('@wampkit/auth/cryptosign');
  return cryptosign(key, {
    ...withAuthid(auth),
    ...(routerKey !== undefined && { routerKey: await readPublicKey(routerKey) }),
    ...(channelBinding && { channelBinding }),
  });
}

function withAuthid({ authid }: AuthOptions): { authid?: string } {
  return authid === undefined ? {} : { authid };
}

/** A public key in hex, or the file that holds it. */
async function readPublicKey(given: string): Promise<string> {
  if (isKey(given)) return given;
  const name = given.replace(/^@/, '');
  const text = await readFile(name, 'utf8').catch((error: Error) => {
    throw new UsageError(`--router-key: no public key of 64 hex digits, and no file: ${error.message}`);
  });
  if (isKey(text.trim())) return text.trim();
  throw new UsageError(`--router-key: ${JSON.stringify(name)} holds no public key of 64 hex digits`);
}

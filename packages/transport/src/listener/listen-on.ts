import { lstat, unlink } from 'node:fs/promises';
import { createConnection, type Server } from 'node:net';
import { WampError } from '@wampkit/protocol';
import type { BindAddress } from './bind-address.js';

/**
 * Lets a server listen. The file of a unix socket that nobody listens on any more is removed first.
 *
 * @param name the address for messages
 * @throws {WampError} naming the address and why it cannot be listened on
 */
export async function listenOn(server: Server, bind: BindAddress, name: string): Promise<void> {
  try {
    await listenOnce(server, bind);
  } catch (error) {
    if (!('path' in bind) || codeOf(error) !== 'EADDRINUSE' || !(await isStale(bind.path)))
      throw describeFailure(error, name);
    await unlink(bind.path);
    await listenOnce(server, bind).catch((again: unknown) => {
      throw describeFailure(again, name);
    });
  }
}

function listenOnce(server: Server, bind: BindAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(bind, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** Whether the path is a socket's, and nobody answers there. */
async function isStale(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  if (stats?.isSocket() !== true) return false;
  return new Promise((resolve) => {
    const probe = createConnection({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(false);
    });
    probe.once('error', (error) => resolve(codeOf(error) === 'ECONNREFUSED'));
  });
}

const causes: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTFOUND: 'there is no such host',
  ENOENT: 'its directory does not exist',
};

function describeFailure(error: unknown, name: string): WampError {
  const code = codeOf(error);
  const cause = (code === undefined ? undefined : causes[code]) ?? (error as Error).message;
  return new WampError(`cannot listen on ${name}: ${cause}${code === undefined ? '' : ` (${code})`}`, {
    cause: error,
  });
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

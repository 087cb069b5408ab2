import { createScramSalt, deriveScramKeys, type ScramCosts, type ScramKdf } from '@wampkit/auth/wamp-scram';
import { deriveWampcraKey } from '@wampkit/auth/wampcra';
import { asUsageError } from '../as-usage-error.js';
import { printRow, type Row } from '../output/print-table.js';
import { parseCount } from '../parse-count.js';
import { readSecret } from '../read-secret.js';
import type { VerbContext } from '../run-verb.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

/** What a password can be derived for. */
export type DeriveMethod = 'cra' | 'scram';

/** What `derive` was given by name. */
export interface DeriveOptions {
  password?: string;
  salt?: string;
  iterations?: string;
  keylen?: string;
  kdf?: ScramKdf;
  memory?: string;
  yaml?: boolean;
}

/**
 * Derives what a router stores of a password, and prints it.
 *
 * @throws {UsageError} for options that are not of the method, costs out of bounds, and passwords that cannot be used
 */
export async function derive(
  { terminal, printer }: VerbContext,
  method: DeriveMethod,
  options: DeriveOptions,
): Promise<void> {
  if (options.yaml === true && printer.mode !== 'json' && printer.mode !== 'pretty')
    throw new UsageError(`--yaml and --${printer.mode} exclude each other`);
  const foreign = foreignOption(method, options);
  if (foreign !== undefined) throw new UsageError(`${foreign} is not of derive ${method}`);
  const password = await readPassword(options.password ?? 'prompt', terminal);
  const row = await (method === 'cra' ? deriveCra : deriveScram)(password, options).catch(asUsageError);
  if (options.yaml === true || printer.mode === 'pretty') {
    const { stringify } = await import('yaml');
    terminal.stdout.write(stringify(row, { lineWidth: 0 }));
  } else printRow(printer, row, method === 'cra' ? 'secret' : 'storedKey');
}

async function deriveCra(password: string, options: DeriveOptions): Promise<Row> {
  const costs = {
    salt: options.salt ?? createScramSalt(),
    iterations: parseCount(options.iterations ?? '100000', '--iterations'),
    keylen: parseCount(options.keylen ?? '32', '--keylen'),
  };
  return { secret: await deriveWampcraKey(password, costs), ...costs };
}

async function deriveScram(password: string, options: DeriveOptions): Promise<Row> {
  const { kdf = 'argon2id13', salt = createScramSalt() } = options;
  const iterations = parseCount(options.iterations ?? (kdf === 'pbkdf2' ? '600000' : '2'), '--iterations');
  const memory = kdf === 'pbkdf2' ? {} : { memory: parseCount(options.memory ?? '19456', '--memory') };
  const costs: ScramCosts = { kdf, salt, iterations, ...memory };
  return { ...costs, ...(await deriveScramKeys(password, costs)) };
}

function foreignOption(method: DeriveMethod, { keylen, kdf, memory }: DeriveOptions): string | undefined {
  if (method === 'scram') {
    if (keylen !== undefined) return '--keylen';
    if (kdf === 'pbkdf2' && memory !== undefined) return '--memory with --kdf pbkdf2';
  } else {
    if (kdf !== undefined) return '--kdf';
    if (memory !== undefined) return '--memory';
  }
  return undefined;
}

/* What is typed cannot be seen, so it is typed twice. */
async function readPassword(source: string, terminal: Terminal): Promise<string> {
  const password = await readSecret({ source, option: '--password', question: 'Password: ' }, terminal);
  if (source === 'prompt' && password !== (await terminal.promptSecret('Password again: ')))
    throw new UsageError('the two passwords differ');
  if (password === '') throw new UsageError('--password: an empty password protects nothing');
  return password;
}

import { type Command, Option } from 'commander';
import { isPlainSecret, type SecretRequest } from '../read-secret.js';
import { UsageError } from '../usage-error.js';
import {
  type AuthMethod,
  authMethods,
  type ChannelBindingName,
  channelBindings,
  type SecretMethod,
  type SecretMethodName,
  secretMethods,
} from './auth-methods.js';

/** How to join. */
export interface AuthOptions {
  readonly method: AuthMethod;
  readonly authid?: string;
  /** Of the methods that have one. */
  readonly secret?: SecretRequest;
  /** The public key that the router must prove to have, or a file with it. */
  readonly routerKey?: string;
  readonly channelBinding?: ChannelBindingName;
}

/** Options by their names in commander, as far as they were typed. */
type Given = Readonly<Record<string, unknown>>;
type Environment = (name: string) => string | undefined;

/** Adds the options of authentication. */
export function addAuthOptions(command: Command): void {
  command
    .optionsGroup('Authentication:')
    .option('--authid <id>', 'who to join as (env WAMP_AUTHID)')
    .addOption(
      new Option(
        '--auth-method <name>',
        'how to join (env WAMP_AUTH_METHOD; default: by the secret that is given, else anonymous)',
      ).choices(authMethods),
    )
    .option('--ticket <secret>', 'ticket: @file, env:NAME, prompt, or the ticket itself (env WAMP_TICKET)')
    .option('--ticket-file <file>', 'file with the ticket, as --ticket @file')
    .option('--secret <secret>', 'secret of wampcra, in the same forms (env WAMP_SECRET)')
    .option('--password <secret>', 'password of wamp-scram, in the same forms (env WAMP_PASSWORD)')
    .option('--private-key <file>', 'key of cryptosign: a file, env:NAME or prompt (env WAMP_PRIVATE_KEY)')
    .option('--jwt <secret>', 'JSON Web Token, in the forms of a ticket (env WAMP_JWT)')
    .option(
      '--router-key <file>',
      'public key, or a file with it, that the router must prove to have: cryptosign (env WAMP_ROUTER_KEY)',
    )
    .addOption(
      new Option('--channel-binding <type>', 'bind cryptosign or wamp-scram to the TLS channel').choices(
        channelBindings,
      ),
    );
}

/**
 * Reads the options of authentication: what was typed wins over the environment.
 *
 * @throws {UsageError} for what does not go together
 */
export function readAuthOptions(given: Given, env: Environment): AuthOptions {
  const method = chooseMethod(given, env);
  const authid = text(given.authid) ?? env('WAMP_AUTHID');
  const secret =
    method in secretMethods ? readRequest(secretMethods[method as SecretMethodName], given, env) : undefined;
  if (secret !== undefined && authid === undefined && secretMethods[method as SecretMethodName].needsAuthid)
    throw new UsageError(`${secret.option} needs --authid (or WAMP_AUTHID): whose is it?`);
  const channelBinding = given.channelBinding as ChannelBindingName | undefined;
  if (channelBinding !== undefined && method !== 'cryptosign' && method !== 'wamp-scram')
    throw new UsageError(`--channel-binding is of cryptosign and wamp-scram, not of ${method}`);
  if (given.routerKey !== undefined && method !== 'cryptosign')
    throw new UsageError(`--router-key is of cryptosign, not of ${method}`);
  const routerKey = method === 'cryptosign' ? (text(given.routerKey) ?? env('WAMP_ROUTER_KEY')) : undefined;
  return { method, authid, secret, routerKey, channelBinding };
}

/** Whether a secret stands on the command line itself, which all users of the machine can see. */
export function hasPlainSecret(given: Given): boolean {
  return Object.values(secretMethods).some(({ key }) => {
    const source = text(given[key]);
    return source !== undefined && isPlainSecret(key === 'privateKey' ? keySource(source) : source);
  });
}

function chooseMethod(given: Given, env: Environment): AuthMethod {
  const typed = methodsWith((method) => isGiven(method, given));
  if (typed.length > 1) throw new UsageError(`${optionsOf(typed).join(' and ')} exclude each other`);
  const named = text(given.authMethod) ?? (typed.length === 0 ? env('WAMP_AUTH_METHOD') : undefined);
  if (named !== undefined) return checkNamed(named, typed[0]);
  if (typed[0] !== undefined) return typed[0];
  const set = methodsWith(({ variable }) => env(variable) !== undefined);
  if (set.length > 1) {
    const variables = set.map((method) => secretMethods[method].variable).join(' and ');
    throw new UsageError(`${variables} are set: --auth-method (or WAMP_AUTH_METHOD) must say which counts`);
  }
  return set[0] ?? 'anonymous';
}

function checkNamed(name: string, typed: SecretMethodName | undefined): AuthMethod {
  const method = authMethods.find((one) => one === name);
  if (method === undefined)
    throw new UsageError(
      `WAMP_AUTH_METHOD: ${JSON.stringify(name)} must be one of ${authMethods.join(', ')}`,
    );
  if (typed !== undefined && typed !== method)
    throw new UsageError(`${secretMethods[typed].option} is of ${typed}, not of --auth-method ${method}`);
  return method;
}

/* A method that is named without its secret asks for it. */
function readRequest(method: SecretMethod, given: Given, env: Environment): SecretRequest {
  const { option, key, variable, question } = method;
  const typed = text(given[key]);
  if (key === 'ticket' && given.ticketFile !== undefined) {
    if (typed !== undefined) throw new UsageError('--ticket and --ticket-file exclude each other');
    return { source: `@${given.ticketFile}`, option: '--ticket-file', question };
  }
  if (typed !== undefined)
    return { source: key === 'privateKey' ? keySource(typed) : typed, option, question };
  // The variable holds the secret itself, whatever it looks like.
  if (env(variable) !== undefined) return { source: `env:${variable}`, option: variable, question };
  return { source: 'prompt', option, question };
}

/** A private key is seldom typed, so what is no key, and no form of a secret, is the name of its file. */
export function keySource(typed: string): string {
  return !isPlainSecret(typed) || /^[0-9a-f]{64}$/i.test(typed) ? typed : `@${typed}`;
}

function isGiven({ key }: SecretMethod, given: Given): boolean {
  return given[key] !== undefined || (key === 'ticket' && given.ticketFile !== undefined);
}

function methodsWith(holds: (method: SecretMethod) => boolean): SecretMethodName[] {
  return (Object.keys(secretMethods) as SecretMethodName[]).filter((name) => holds(secretMethods[name]));
}

function optionsOf(methods: readonly SecretMethodName[]): string[] {
  return methods.map((method) => secretMethods[method].option);
}

function text(value: unknown): string | undefined {
  return value as string | undefined;
}

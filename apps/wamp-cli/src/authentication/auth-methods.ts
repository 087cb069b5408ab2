/** A method of authentication that a secret belongs to. */
export interface SecretMethod {
  /** The option that brings the secret, and its name among the parsed ones. */
  readonly option: string;
  readonly key: string;
  /** The variable that holds the secret itself. */
  readonly variable: string;
  readonly question: string;
  /** Whether the router must be told whose secret it is. */
  readonly needsAuthid: boolean;
}

/** The methods with a secret, by their name in WAMP. */
export const secretMethods = {
  ticket: {
    option: '--ticket',
    key: 'ticket',
    variable: 'WAMP_TICKET',
    question: 'Ticket: ',
    needsAuthid: true,
  },
  wampcra: {
    option: '--secret',
    key: 'secret',
    variable: 'WAMP_SECRET',
    question: 'Secret: ',
    needsAuthid: true,
  },
  'wamp-scram': {
    option: '--password',
    key: 'password',
    variable: 'WAMP_PASSWORD',
    question: 'Password: ',
    needsAuthid: true,
  },
  cryptosign: {
    option: '--private-key',
    key: 'privateKey',
    variable: 'WAMP_PRIVATE_KEY',
    question: 'Private key: ',
    needsAuthid: false,
  },
  jwt: { option: '--jwt', key: 'jwt', variable: 'WAMP_JWT', question: 'Token: ', needsAuthid: false },
} as const satisfies Record<string, SecretMethod>;

/** A method with a secret. */
export type SecretMethodName = keyof typeof secretMethods;

/** All methods that `--auth-method` takes. */
export const authMethods = [
  'anonymous',
  ...(Object.keys(secretMethods) as SecretMethodName[]),
  'tls',
  'cookie',
] as const;

/** A method that `--auth-method` takes. */
export type AuthMethod = (typeof authMethods)[number];

/** What both ends of a TLS channel can bind their proofs to. */
export const channelBindings = ['tls-exporter', 'tls-unique'] as const;

/** What `--channel-binding` takes. */
export type ChannelBindingName = (typeof channelBindings)[number];

import { type Clock, emptyDict, systemClock } from '@wampkit/protocol';
import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Authenticator, AuthRequest, AuthStep } from './authenticator.js';
import { denied, failed } from './denials.js';
import { type JwtKeys, openJwtKeys } from './jwt-keys.js';
import type { ProcedureUsers } from './procedure-users.js';
import { acceptUser, isDenial, type KnownUser } from './user-source.js';

/** Options of `jwtAuthenticator` that judges tokens itself. */
export interface JwtAuthenticatorOptions {
  /** What tokens are signed by. */
  readonly keys: JwtKeys;
  /** Whom tokens must be of (`iss`); any when absent. */
  readonly issuer?: string | readonly string[];
  /** Whom tokens must be for (`aud`); any when absent. */
  readonly audience?: string | readonly string[];
  /** The claim that names the user. Default `sub`. */
  readonly authidClaim?: string;
  /** The claim that names the role: a string, or a list of which the first that is one of `roles` counts. Default `role`. */
  readonly roleClaim?: string;
  /** The roles that there are, for claims that are lists. */
  readonly roles?: readonly string[];
  /** The role of tokens without that claim; without it they are refused. */
  readonly role?: string;
  /** By how much clocks may differ, in milliseconds. Default 5,000. */
  readonly clockTolerance?: number;
  /** Default: the platform's. */
  readonly clock?: Clock;
}

/**
 * Lets in who has a JSON Web Token (RFC 7519), signed by RS256, ES256 or EdDSA with a key of a set, or by HS256 with a
 * shared key. It comes as AUTHENTICATE.Signature, or as the bearer token of the WebSocket request. Tokens must have an
 * end, and the session ends with its token.
 *
 * @throws {ConfigError} when the keys can be none
 * @example
 * jwtAuthenticator({ keys: { jwks: 'https://issuer.example/.well-known/jwks.json' }, audience: 'wamp' });
 */
export function jwtAuthenticator(
  options: JwtAuthenticatorOptions | { readonly users: ProcedureUsers },
): Authenticator {
  const judge = 'users' in options ? byProcedure(options.users) : byKeys(options);
  return {
    method: 'jwt',
    async start(request): Promise<AuthStep> {
      const bearer = bearerOf(request);
      const step = bearer === null ? null : await judge(request, bearer);
      if (step?.type === 'accept') return step;
      return { type: 'challenge', extra: emptyDict, answer: (token) => judge(request, token) };
    },
  };
}

type Judge = (request: AuthRequest, token: string) => Promise<AuthStep>;

/* The router judges nothing, then. */
function byProcedure(procedure: ProcedureUsers): Judge {
  const users = procedure.open<KnownUser>((user) => user);
  return async (request, token) => {
    const user = await users.find({ ...request, authmethod: 'jwt', ticket: token });
    if (user === undefined || isDenial(user)) return user ?? denied('unknown token');
    const authid = user.authid ?? request.authid;
    if (authid === undefined) return failed('the procedure names no authid');
    return acceptUser(user, { authid, authprovider: users.authprovider });
  };
}

function byKeys(options: JwtAuthenticatorOptions): Judge {
  const { clock = systemClock, clockTolerance = 5_000, issuer, audience } = options;
  const { key, algorithms } = openJwtKeys(options.keys);
  const wanted = {
    algorithms: [...algorithms],
    clockTolerance: clockTolerance / 1000,
    requiredClaims: ['exp'],
    ...(issuer === undefined ? {} : { issuer: listOf(issuer) }),
    ...(audience === undefined ? {} : { audience: listOf(audience) }),
  };
  return async (request, token) => {
    const verified = await verify(token, key, { ...wanted, currentDate: new Date(clock.now()) });
    if ('type' in verified) return verified;
    return welcome(verified.payload, request, options);
  };
}

async function verify(
  token: string,
  key: ReturnType<typeof openJwtKeys>['key'],
  wanted: JWTVerifyOptions,
): Promise<{ readonly payload: JWTPayload } | AuthStep> {
  try {
    const { payload } = await jwtVerify(token, key, wanted);
    return { payload };
  } catch (error) {
    return describeFault(error);
  }
}

/* Never the token, nor what is in it. */
function describeFault(error: unknown): AuthStep {
  if (error instanceof errors.JWTExpired) return denied('the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    return denied(`the token is refused for its claim ${error.claim}`);
  if (!(error instanceof errors.JOSEError) || isUnreachable(error))
    return failed('the keys of the issuer could not be had');
  if (error instanceof errors.JWKSInvalid) return failed('the key set of the issuer is malformed');
  if (error instanceof errors.JOSEAlgNotAllowed)
    return denied('the token is signed by an algorithm that is not allowed');
  return denied('the token is not signed by a key that is known here');
}

function isUnreachable({ code }: errors.JOSEError): boolean {
  return code === 'ERR_JWKS_TIMEOUT' || code === 'ERR_JOSE_GENERIC';
}

function welcome(claims: JWTPayload, request: AuthRequest, options: JwtAuthenticatorOptions): AuthStep {
  const { authidClaim = 'sub', clockTolerance = 5_000 } = options;
  const authid = claimAt(claims, authidClaim);
  if (typeof authid !== 'string' || authid === '') return denied(`the token has no claim ${authidClaim}`);
  if (request.authid !== undefined && request.authid !== authid)
    return denied('the token is of another user');
  const role = roleOf(claims, options);
  if (role === undefined) return denied('the token names no role that there is');
  const expires = (claims.exp as number) * 1000 + clockTolerance;
  return { type: 'accept', authid, authrole: role, authprovider: 'jwt', expires };
}

function roleOf(
  claims: JWTPayload,
  { roleClaim = 'role', roles = [], role }: JwtAuthenticatorOptions,
): string | undefined {
  const claimed = claimAt(claims, roleClaim);
  if (claimed === undefined) return role;
  if (typeof claimed === 'string') return claimed === '' ? undefined : claimed;
  return Array.isArray(claimed) ? roles.find((one) => claimed.includes(one)) : undefined;
}

/* `realm_access.role` is a claim of that name, or one within another. */
function claimAt(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const step of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}

function bearerOf({ transport }: AuthRequest): string | null {
  return /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(transport.headers?.authorization ?? '')?.[1] ?? null;
}

function listOf(names: string | readonly string[]): string[] {
  return typeof names === 'string' ? [names] : [...names];
}

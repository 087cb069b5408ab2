import type { Authenticator, AuthRequest, AuthStep } from './authenticator.js';
import { denied, noSuchPrincipal, required } from './denials.js';
import { StaticUsers } from './static-users.js';
import { acceptUser, isDenial, type KnownUser } from './user-source.js';
import { openUsers, type Users } from './users.js';

/** A user who proves itself by a certificate, in the handshake of TLS. */
export interface TlsUser extends KnownUser {
  /** `sha256:` and the certificate's SHA-256 in hex, colons or not. */
  readonly fingerprint: string;
}

/** Options of `tlsAuthenticator`. */
export interface TlsAuthenticatorOptions {
  readonly users: Users<TlsUser>;
}

/**
 * Lets in who showed a certificate that is known by its fingerprint, whoever signed it. A client that names no authid is
 * whom its certificate belongs to. A procedure sees the certificate as `details.transport.auth.certificate`, and whether
 * an authority that the listener trusts has signed it as `authorized` (AUTH-05).
 */
export function tlsAuthenticator(options: TlsAuthenticatorOptions): Authenticator {
  const users = openUsers<TlsUser>(options.users, (user) => ({ ...user, fingerprint: '' }));
  return {
    method: 'tls',
    canStart: ({ transport }) => transport.clientCertificate !== undefined,
    async start(request: AuthRequest): Promise<AuthStep> {
      const certificate = request.transport.clientCertificate;
      if (certificate === undefined) return required('the client showed no certificate');
      const fingerprint = normalize(certificate.fingerprint);
      const owner = users instanceof StaticUsers ? users.authidOf(fingerprint, fingerprintsOf) : undefined;
      const authid = request.authid ?? owner;
      const user = await users.find({
        ...request,
        ...(authid === undefined ? {} : { authid }),
        authmethod: 'tls',
      });
      if (isDenial(user)) return user;
      if (user === undefined) return noSuchPrincipal(authid ?? `sha256:${fingerprint}`);
      if (!users.judges && normalize(user.fingerprint) !== fingerprint)
        return denied('the certificate is of another user');
      return acceptUser(user, { authid: authid ?? certificate.subject, authprovider: users.authprovider });
    },
  };
}

function fingerprintsOf({ fingerprint }: TlsUser): readonly string[] {
  return [normalize(fingerprint)];
}

function normalize(fingerprint: string): string {
  return fingerprint
    .toLowerCase()
    .replace(/^sha256:/, '')
    .replaceAll(':', '');
}

import type { Dict, Welcome } from '@wampkit/protocol';

/** What the router granted with WELCOME (AUTH-03). */
export interface SessionDetails {
  readonly id: number;
  readonly realm: string;
  readonly authid: string | undefined;
  readonly authrole: string | undefined;
  readonly authmethod: string | undefined;
  readonly authprovider: string | undefined;
  /** The router's roles with their features. */
  readonly roles: Dict;
  /** WELCOME.Details, whole. */
  readonly details: Dict;
}

/** @param realm the realm that HELLO named; WELCOME may name the one really joined */
export function sessionDetails({ session, details }: Welcome, realm: string): SessionDetails {
  const text = (key: string) => (typeof details[key] === 'string' ? (details[key] as string) : undefined);
  return {
    id: session,
    realm: text('realm') ?? realm,
    authid: text('authid'),
    authrole: text('authrole'),
    authmethod: text('authmethod'),
    authprovider: text('authprovider'),
    roles: (details.roles ?? {}) as Dict,
    details,
  };
}

import { Challenge, type Dict } from '@wampkit/protocol';
import type { Authenticator, AuthStep, RealmOptions } from '@wampkit/router';
import { wampScramAuthenticator } from '@wampkit/router/wamp-scram';
import { authenticatedRealm } from './authenticated-realm.js';
import type { Sickness } from './sickness.js';

type Challenged = Extract<AuthStep, { type: 'challenge' }>;

/* The realm of the checks, with one method that takes its first step otherwise. */
function realmWith(method: string, sicken: (step: Challenged, session: number) => AuthStep): RealmOptions {
  const { authenticators = [] } = authenticatedRealm;
  return {
    ...authenticatedRealm,
    authenticators: authenticators.map((healthy) =>
      healthy.method === method ? sickened(healthy, sicken) : healthy,
    ),
  };
}

function sickened(healthy: Authenticator, sicken: (step: Challenged, session: number) => AuthStep) {
  const start = async (request: Parameters<Authenticator['start']>[0]): Promise<AuthStep> => {
    const step = await healthy.start(request);
    return step.type === 'challenge' ? sicken(step, request.session) : step;
  };
  return { ...healthy, start };
}

const authids: Readonly<Record<string, string>> = {
  ticket: 'joe',
  wampcra: 'bob',
  'wamp-scram': 'eve',
  cryptosign: 'device',
};

function takesAnything(method: string, id: string): Sickness {
  const accept: AuthStep = { type: 'accept', authid: authids[method] ?? '', authrole: 'anonymous' };
  return {
    name: `takes anything for a proof by ${method}`,
    realm: realmWith(method, (step) => ({ ...step, answer: () => accept })),
    fails: [id],
  };
}

/* Its own signature over another challenge would be taken as well: what was asked is not looked at. */
const rewritesCra = (rewrite: (challenge: Dict, session: number) => Dict): RealmOptions =>
  realmWith('wampcra', (step, session) => {
    const said = JSON.parse(String(step.extra.challenge)) as Dict;
    const challenge = JSON.stringify(rewrite(said, session));
    const accept: AuthStep = { type: 'accept', authid: 'bob', authrole: 'anonymous' };
    return { ...step, extra: { ...step.extra, challenge }, answer: () => accept };
  });

/** What can be wrong with how sessions prove themselves, and with what proves the router. */
export const authenticationSicknesses: readonly Sickness[] = [
  takesAnything('ticket', 'TICK-01'),
  takesAnything('wampcra', 'CRA-05'),
  takesAnything('wamp-scram', 'SCRAM-07'),
  takesAnything('cryptosign', 'CS-03'),
  {
    name: 'names no session in the challenge of WAMP-CRA',
    realm: rewritesCra(({ session: _, ...rest }) => rest),
    fails: ['CRA-02'],
  },
  {
    name: 'names another session in the challenge of WAMP-CRA',
    realm: rewritesCra((said, session) => ({ ...said, session: session - 1 })),
    fails: ['CRA-02'],
  },
  {
    name: 'shows by its salts who is unknown',
    realm: {
      ...authenticatedRealm,
      authenticators: [
        { method: 'wamp-scram', start: (request) => wampScramAuthenticator({ users: {} }).start(request) },
      ],
    },
    fails: ['SCRAM-03'],
  },
  {
    name: 'does not prove itself',
    realm: authenticatedRealm,
    sends: () => (m) => {
      if (!(m instanceof Challenge)) return [m];
      const { signature: _, ...extra } = m.extra;
      return [new Challenge(m.authmethod, extra)];
    },
    fails: ['CS-05'],
  },
];

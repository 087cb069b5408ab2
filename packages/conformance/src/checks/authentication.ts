import { randomBytes } from 'node:crypto';
import { type Check, type CheckContext, must, should } from '../check.js';
import { type Connection, isDict, isId } from '../connection.js';
import type { Credentials } from '../credentials.js';
import { Code } from '../message-code.js';
import { equal, inText, ok, skip } from '../outcome.js';
import { isSignedBy, proveScram, publicKeyOf, scramNonce, signChallenge, signCra } from '../proofs.js';
import { allRoles, type Dict } from '../session.js';

/* What a check proves itself with; without it the check is skipped. */
function need<Method extends keyof Credentials>(
  t: CheckContext,
  method: Method,
): NonNullable<Credentials[Method]> {
  return t.credentials[method] ?? skip(`no credentials for ${method} were given`);
}

/* Says HELLO and takes the CHALLENGE of a method. */
async function challenge(
  t: CheckContext,
  method: string,
  details: Dict,
): Promise<{ connection: Connection; extra: Readonly<Record<string, unknown>> }> {
  const connection = await t.connect();
  connection.send([Code.HELLO, t.realm, { roles: allRoles, authmethods: [method], ...details }]);
  const message = await connection.next(Code.CHALLENGE);
  const [, authmethod, extra] = message;
  ok(isDict(extra), `malformed CHALLENGE: ${inText(message)}`);
  equal(authmethod, method, 'AuthMethod of CHALLENGE');
  return { connection, extra };
}

async function welcome(connection: Connection): Promise<{ id: number; details: Record<string, unknown> }> {
  const message = await connection.next(Code.WELCOME);
  const [, id, details] = message;
  ok(isId(id) && isDict(details), `malformed WELCOME: ${inText(message)}`);
  return { id, details };
}

async function refused(connection: Connection, reasons: readonly string[]): Promise<void> {
  const reason = await connection.abort();
  ok(reasons.includes(reason), `Reason of ABORT is ${reason}, not ${reasons.join(' or ')}`);
}

const DENIED = 'wamp.error.authentication_denied';
const denials = [DENIED, 'wamp.error.no_such_principal'];

function granted(details: Record<string, unknown>, method: string, authid: string | undefined): void {
  equal(details.authmethod, method, 'authmethod of WELCOME');
  if (authid !== undefined) equal(details.authid, authid, 'authid of WELCOME');
  for (const key of ['authid', 'authrole', 'authprovider'])
    ok(
      typeof details[key] === 'string' && details[key] !== '',
      `${key} of WELCOME is ${inText(details[key])}`,
    );
}

const negotiation: readonly Check[] = [
  must('AUTH-01', 'of the methods that a client offers those that are unknown are passed over', async (t) => {
    const { authid } = need(t, 'ticket');
    const authmethods = ['org.wampkit.conformance.none', 'ticket', 'anonymous'];
    await challenge(t, 'ticket', { authid, authmethods });
  }),
  must('AUTH-01', 'without a method in common the session is refused', async (t) => {
    const connection = await t.connect();
    const details = { roles: allRoles, authmethods: ['org.wampkit.conformance.none'] };
    connection.send([Code.HELLO, t.realm, details]);
    equal(await connection.abort(), 'wamp.error.no_matching_auth_method', 'Reason of ABORT');
  }),
  must('AUTH-02', 'anything but AUTHENTICATE after CHALLENGE is a violation', async (t) => {
    const { authid } = need(t, 'ticket');
    const { connection } = await challenge(t, 'ticket', { authid });
    connection.send([Code.SUBSCRIBE, 1, {}, t.uri()]);
    await connection.violation();
  }),
  must('AUTH-02', 'AUTHENTICATE that nobody asked for is a violation', async (t) => {
    const { connection } = await t.join();
    connection.send([Code.AUTHENTICATE, '', {}]);
    await connection.violation();
  }),
];

const tickets: readonly Check[] = [
  must('TICK-01', 'a ticket opens a session, as its user', async (t) => {
    const { authid, ticket } = need(t, 'ticket');
    const { connection } = await challenge(t, 'ticket', { authid });
    connection.send([Code.AUTHENTICATE, ticket, {}]);
    granted((await welcome(connection)).details, 'ticket', authid);
  }),
  must('TICK-01', 'a wrong ticket opens none', async (t) => {
    const { authid, ticket } = need(t, 'ticket');
    for (const wrong of ['', `${ticket}x`, ticket.slice(1)]) {
      const { connection } = await challenge(t, 'ticket', { authid });
      connection.send([Code.AUTHENTICATE, wrong, {}]);
      await refused(connection, [DENIED]);
    }
  }),
  should('AUTH-04', 'an authid that nobody has is refused as such, or like a wrong ticket', async (t) => {
    const { ticket } = need(t, 'ticket');
    const connection = await t.connect();
    const details = { roles: allRoles, authmethods: ['ticket'], authid: t.uri('nobody') };
    connection.send([Code.HELLO, t.realm, details]);
    const { message } = await connection.nextReceived();
    if (message[0] !== Code.CHALLENGE) ok(denials.includes(message[2] as string), `got ${inText(message)}`);
    else {
      connection.send([Code.AUTHENTICATE, ticket, {}]);
      await refused(connection, denials);
    }
  }),
];

const cra: readonly Check[] = [
  must('CRA-02', 'the challenge is a JSON string that names the session it is for', async (t) => {
    const { authid, secret } = need(t, 'wampcra');
    const { connection, extra } = await challenge(t, 'wampcra', { authid });
    ok(typeof extra.challenge === 'string', `challenge is ${inText(extra.challenge)}, no string`);
    const said = JSON.parse(extra.challenge) as Record<string, unknown>;
    equal([said.authid, said.authmethod], [authid, 'wampcra'], 'authid and authmethod of the challenge');
    for (const key of ['authrole', 'authprovider', 'nonce', 'timestamp'])
      ok(typeof said[key] === 'string', `${key} of the challenge is ${inText(said[key])}`);
    connection.send([Code.AUTHENTICATE, signCra(secret, extra), {}]);
    const { id, details } = await welcome(connection);
    equal(id, said.session, 'session of WELCOME beside that of the challenge'); // AUTH-06
    granted(details, 'wampcra', authid);
  }),
  must('CRA-05', 'a wrong signature, and that of another challenge, open no session', async (t) => {
    const { authid, secret } = need(t, 'wampcra');
    const other = await challenge(t, 'wampcra', { authid });
    for (const signature of ['', signCra(`${secret}x`, other.extra), signCra(secret, other.extra)]) {
      const { connection } = await challenge(t, 'wampcra', { authid });
      connection.send([Code.AUTHENTICATE, signature, {}]);
      await refused(connection, [DENIED]);
    }
  }),
];

async function challengeScram(t: CheckContext, authid: string) {
  const nonce = scramNonce();
  const met = await challenge(t, 'wamp-scram', { authid, authextra: { nonce, channel_binding: null } });
  return { ...met, nonce };
}

const scram: readonly Check[] = [
  must('SCRAM-07', 'a proof opens a session, and the router proves itself', async (t) => {
    const user = need(t, 'wamp-scram');
    const { connection, extra, nonce } = await challengeScram(t, user.authid);
    ok(
      String(extra.nonce).startsWith(nonce) && extra.nonce !== nonce,
      "the nonce does not begin with the client's",
    );
    if (extra.kdf !== 'pbkdf2') skip(`this user's kdf is ${inText(extra.kdf)}`);
    const { proof, verifier } = proveScram(user, nonce, extra);
    connection.send([Code.AUTHENTICATE, proof, { nonce: extra.nonce, channel_binding: null }]);
    const { details } = await welcome(connection);
    granted(details, 'wamp-scram', user.authid);
    equal((details.authextra as Dict | undefined)?.verifier, verifier, 'authextra.verifier of WELCOME');
  }),
  must('SCRAM-07', 'a wrong proof, and another nonce, open none', async (t) => {
    const user = need(t, 'wamp-scram');
    for (const [password, suffix] of [
      [`${user.password}x`, ''],
      [user.password, 'A'],
    ] as const) {
      const { connection, extra, nonce } = await challengeScram(t, user.authid);
      if (extra.kdf !== 'pbkdf2') skip(`this user's kdf is ${inText(extra.kdf)}`);
      const { proof } = proveScram({ ...user, password }, nonce, extra);
      connection.send([
        Code.AUTHENTICATE,
        proof,
        { nonce: `${extra.nonce}${suffix}`, channel_binding: null },
      ]);
      await refused(connection, [DENIED, 'wamp.error.authentication_failed']);
    }
  }),
  should('SCRAM-03', 'an authid that nobody has is refused, or gets a salt that stays', async (t) => {
    need(t, 'wamp-scram');
    const salts: unknown[] = [];
    for (let count = 0; count < 2; count++) {
      const connection = await t.connect();
      const authextra = { nonce: scramNonce(), channel_binding: null };
      const authid = t.uri('nobody');
      connection.send([
        Code.HELLO,
        t.realm,
        { roles: allRoles, authmethods: ['wamp-scram'], authid, authextra },
      ]);
      const { message } = await connection.nextReceived();
      if (message[0] === Code.ABORT) return;
      salts.push((message[2] as Dict).salt);
    }
    equal(salts[1], salts[0], 'the second salt for one unknown authid');
  }),
];

const keys: readonly Check[] = [
  must('CS-02', 'a key opens a session by signing 32 octets', async (t) => {
    const { authid, privateKey } = need(t, 'cryptosign');
    const { connection, extra } = await challengeKey(t, privateKey, authid);
    ok(
      /^[0-9a-f]{64}$/i.test(String(extra.challenge)),
      `challenge is ${inText(extra.challenge)}, not 64 hex digits`,
    );
    equal(extra.channel_binding ?? null, null, 'channel_binding of CHALLENGE');
    connection.send([Code.AUTHENTICATE, signChallenge(privateKey, String(extra.challenge)), {}]);
    granted((await welcome(connection)).details, 'cryptosign', authid);
  }),
  must('CS-03', 'a signature over another challenge, or by another key, opens none', async (t) => {
    const { authid, privateKey } = need(t, 'cryptosign');
    const random = randomBytes(32).toString('hex');
    const wrong: readonly ((asked: string) => string)[] = [
      () => signChallenge(privateKey, random),
      (asked) => signChallenge(privateKey, random).slice(0, 128) + asked,
      (asked) => signChallenge(random, asked),
      () => '',
    ];
    for (const make of wrong) {
      const { connection, extra } = await challengeKey(t, privateKey, authid);
      connection.send([Code.AUTHENTICATE, make(String(extra.challenge)), {}]);
      await refused(connection, [DENIED, 'wamp.error.authentication_failed']);
    }
  }),
  must('CS-05', 'the router proves itself to a client that sends a challenge', async (t) => {
    const { authid, privateKey, routerKey } = need(t, 'cryptosign');
    if (routerKey === undefined) skip("the router's key was not given");
    const asked = randomBytes(32).toString('hex');
    const { extra } = await challengeKey(t, privateKey, authid, { challenge: asked });
    equal(extra.pubkey, routerKey, 'pubkey of CHALLENGE');
    ok(
      isSignedBy(routerKey, extra.signature, asked),
      'the signature of CHALLENGE is not of this key and challenge',
    );
  }),
];

function challengeKey(t: CheckContext, seed: string, authid?: string, more: Dict = {}) {
  const authextra = { pubkey: publicKeyOf(seed), channel_binding: null, ...more };
  return challenge(t, 'cryptosign', { authextra, ...(authid === undefined ? {} : { authid }) });
}

/** How sessions prove themselves, where credentials are given. */
export const authentication: readonly Check[] = [...negotiation, ...tickets, ...cra, ...scram, ...keys];

import { cryptosignPublicKey, signCryptosign } from '@wampkit/auth/cryptosign';
import { signWampcra } from '@wampkit/auth/wampcra';
import { Authenticate, type Dict, Hello, type Message } from '@wampkit/protocol';
import {
  CookieAuthenticator,
  Router,
  ticketAuthenticator,
  tlsAuthenticator,
  usersByProcedure,
} from '@wampkit/router';
import { cryptosignAuthenticator } from '@wampkit/router/cryptosign';
import { jwtAuthenticator } from '@wampkit/router/jwt';
import { wampScramAuthenticator } from '@wampkit/router/wamp-scram';
import { wampcraAuthenticator } from '@wampkit/router/wampcra';
import { allRoles, FakeClock, nextOf, ScriptedPeer } from '@wampkit/testkit';
import { FuzzFailure } from './fuzz-failure.js';
import { inventValue } from './invent-value.js';
import { Random } from './random.js';

/** What became of the handshakes. */
export interface HandshakeReach {
  challenged: number;
  welcomed: number;
  refused: number;
}

const key = '4ffddd896a530ce5ee8c86b83b0d31835490a97a9cd718cb2f09c9fd31c4a7d7';
const pubkey = cryptosignPublicKey(key);
const role = 'user';
const methods = ['ticket', 'wampcra', 'wamp-scram', 'cryptosign', 'tls', 'jwt', 'cookie', 'anonymous', ''];
const names = ['joe', 'nobody', '', '__proto__', 'constructor', 'j\u0000e', 'x'.repeat(2_000), 'jöe\u200b'];
const extraKeys = ['nonce', 'pubkey', 'challenge', 'channel_binding', 'cbind_data', '__proto__', 'toString'];
const extraTexts = [
  '',
  'AAAA',
  pubkey,
  pubkey.toUpperCase(),
  'tls-exporter',
  'tls-unique',
  'ab'.repeat(40),
  '\ud800',
];
const reasons =
  /^wamp\.error\.(authentication_(denied|failed|required)|no_such_principal|no_matching_auth_method|protocol_violation)$/;

/**
 * Plays handshakes with every method, of what is right, nearly right and nonsense. Each must end with WELCOME of who
 * proved itself, or ABORT with a reason of the specification; none may be a bug of the router, or leave a timer.
 *
 * @throws {FuzzFailure} for the first one that does not
 */
export async function fuzzHandshake({
  count,
  seed,
}: {
  count: number;
  seed: number;
}): Promise<HandshakeReach> {
  const random = new Random(seed);
  const reach: HandshakeReach = { challenged: 0, welcomed: 0, refused: 0 };
  const bugs: unknown[] = [];
  const clock = new FakeClock();
  const router = makeRouter(clock, bugs);
  for (let index = 0; index < count; index++) {
    const hello = inventHello(random);
    const told: unknown[] = [hello];
    try {
      await play(router, { hello, random, reach, told });
      if (bugs.length > 0) throw bugs[0];
      if (clock.timers > 0) throw new Error(`${clock.timers} timers are left`);
    } catch (error) {
      const input = Buffer.from(
        JSON.stringify(told, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)),
      );
      throw new FuzzFailure({ target: 'handshake', seed, index, input }, error);
    }
  }
  await router.close({ grace: 0 });
  return reach;
}

function makeRouter(clock: FakeClock, bugs: unknown[]): Router {
  const authenticators = [
    ticketAuthenticator({ users: { joe: { ticket: 'ticket', role } } }),
    wampcraAuthenticator({ users: { joe: { secret: 'secret', role } }, clock }),
    wampScramAuthenticator({ users: {} }),
    cryptosignAuthenticator({ users: { joe: { authorizedKeys: [pubkey], role } }, routerKey: key }),
    tlsAuthenticator({ users: usersByProcedure('com.example.none') }),
    jwtAuthenticator({ keys: { secret: 'a shared key of thirty-two octets' }, clock }),
    new CookieAuthenticator({ clock }),
  ];
  return new Router({
    realms: [{ name: 'realm1', authenticators, roles: [{ name: role, permissions: [] }] }],
    clock,
    events: { bug: ({ error }) => bugs.push(error) },
  });
}

async function play(
  router: Router,
  given: { hello: Dict; random: Random; reach: HandshakeReach; told: unknown[] },
): Promise<void> {
  const { hello, random, reach, told } = given;
  const peer = new ScriptedPeer();
  router.attach(peer.far);
  peer.send(new Hello('realm1', { roles: allRoles, ...hello }));
  let message = await nextOf(peer);
  while (message[0] === 4) {
    reach.challenged++;
    const answer = await inventAnswer(message[1] as string, message[2] as Dict, random);
    told.push(answer);
    peer.send(answer);
    message = await nextOf(peer);
  }
  if (message[0] === 2) {
    reach.welcomed++;
    const { authid, authrole } = message[2] as Dict;
    if (authid !== 'joe' || authrole !== role) throw new Error(`welcomed ${authid} as ${authrole}`);
  } else if (message[0] === 3 && reasons.test(message[2] as string)) reach.refused++;
  else throw new Error(`got ${JSON.stringify(message)}`);
  await peer.drop();
}

function inventHello(random: Random): Dict {
  const authmethods = Array.from({ length: random.below(4) }, () => random.pick(methods));
  const authid = random.once(3) ? random.pick(names) : 'joe';
  return {
    ...(random.once(12) ? {} : { authmethods }),
    ...(random.once(6) ? {} : { authid }),
    ...(random.once(5) ? {} : { authextra: inventExtra(random) }),
    ...(random.once(40) ? { authmethods: inventValue(random) } : {}),
    ...(random.once(40) ? { authid: inventValue(random) } : {}),
    ...(random.once(40) ? { authextra: inventValue(random) } : {}),
  };
}

function inventExtra(random: Random): Dict {
  const extra: Record<string, unknown> = random.once(2) ? { nonce: 'AAAA', pubkey } : {};
  for (let n = random.below(4); n > 0; n--) {
    const value = random.once(3) ? inventValue(random) : random.pick(extraTexts);
    Object.defineProperty(extra, random.pick(extraKeys), { value, enumerable: true, configurable: true });
  }
  return extra;
}

async function inventAnswer(method: string, extra: Dict, random: Random): Promise<Message> {
  const right = await rightAnswer(method, extra);
  const signature = random.once(2) ? right : spoil(right, random);
  return new Authenticate(
    signature,
    random.once(3) ? { ...extra, ...inventExtra(random) } : inventExtra(random),
  );
}

async function rightAnswer(method: string, { challenge }: Dict): Promise<string> {
  if (method === 'wampcra') return signWampcra('secret', challenge as string);
  if (method === 'cryptosign') return signCryptosign(key, challenge as string);
  return method === 'ticket' ? 'ticket' : 'e30.e30.e30';
}

function spoil(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + random.pick(['x', '\u0000', '=', '.', '\ud800', 'é']) + text.slice(at);
    case 2:
      return random.pick(['', '=', 'x'.repeat(70_000), '0'.repeat(192), 'null']);
    default:
      return text + text;
  }
}

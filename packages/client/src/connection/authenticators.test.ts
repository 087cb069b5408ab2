import type { ClientAuthenticator, ClientHandshake, HandshakeContext } from '@wampkit/auth';
import {
  Abort,
  Authenticate,
  Challenge,
  CloseUri,
  ConfigError,
  ErrorUri,
  Goodbye,
  Hello,
  JoinError,
  Welcome,
} from '@wampkit/protocol';
import { describe, expect, test } from 'vitest';
import type { Client } from '../client.js';
import { anonymous, ticket } from '../exports.js';
import type { ConnectOptions } from '../options.js';
import { ScriptedListener, type ScriptedPeer } from '../testing.js';
import { createConnect } from './connect.js';

async function begin(auth: ConnectOptions['auth']) {
  const listener = new ScriptedListener();
  const connect = createConnect({ connectPeer: listener.connectPeer, serializers: [] });
  const options = { realm: 'realm1', reconnect: { initialDelay: 1 } };
  const connecting = connect('ws://router.example', { ...options, auth });
  connecting.catch(() => {});
  return { connecting, listener };
}

/** A method that takes the WELCOME whose authextra repeats its nonce, and counts its handshakes. */
class Mutual {
  readonly method = 'x_mutual';
  readonly contexts: HandshakeContext[] = [];

  begin(context: HandshakeContext): ClientHandshake {
    const nonce = this.contexts.push(context);
    let answered = false;
    return {
      method: this.method,
      authid: 'joe',
      authextra: { nonce },
      answer: () => {
        answered = true;
        return { signature: `s${nonce}` };
      },
      welcomed: ({ authextra }) => {
        if (!answered) throw new Error('not asked for a signature');
        if ((authextra as { nonce?: number } | undefined)?.nonce !== nonce) throw new Error('wrong nonce');
      },
    };
  }
}

async function challenge(router: ScriptedPeer, method = 'x_mutual'): Promise<Authenticate> {
  router.send(new Challenge(method, {}));
  return router.expect(Authenticate);
}

async function leave(client: Client, router: ScriptedPeer): Promise<void> {
  const leaving = client.close();
  await router.expect(Goodbye);
  router.send(new Goodbye({}, CloseUri.GoodbyeAndOut));
  await leaving;
}

function welcome(router: ScriptedPeer, details: Record<string, unknown>): void {
  router.send(new Welcome(1, { roles: { broker: {} }, ...details }));
}

async function expectLeft(
  connecting: Promise<unknown>,
  router: ScriptedPeer,
  message: string,
): Promise<void> {
  expect((await router.expect(Abort)).reason).toBe(ErrorUri.AuthenticationFailed);
  const error: JoinError = await connecting.then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(JoinError);
  expect(error).toMatchObject({ uri: ErrorUri.AuthenticationFailed, retryable: false });
  expect(error.message).toContain(message);
}

describe('AUTH-02: a method that remembers its handshake', () => {
  test('begins each join anew, with the transport it is on', async () => {
    const mutual = new Mutual();
    const { connecting, listener } = await begin(mutual);
    const first = await listener.accept();
    expect((await first.expect(Hello)).details).toMatchObject({ authid: 'joe', authextra: { nonce: 1 } });
    expect((await challenge(first)).signature).toBe('s1');
    welcome(first, { authmethod: 'x_mutual', authextra: { nonce: 1 } });
    const client = await connecting;
    first.close();
    const second = await listener.accept();
    expect((await second.expect(Hello)).details).toMatchObject({ authextra: { nonce: 2 } });
    expect((await challenge(second)).signature).toBe('s2');
    expect(mutual.contexts.map(({ transport }) => transport)).toEqual([
      { type: 'memory' },
      { type: 'memory' },
    ]);
    welcome(second, { authextra: { nonce: 2 } });
    await leave(client, second);
  });

  test('SCRAM-07, CS-05: judges WELCOME', async () => {
    const { connecting, listener } = await begin(new Mutual());
    const router = await listener.accept();
    await router.expect(Hello);
    await challenge(router);
    welcome(router, { authmethod: 'x_mutual', authextra: { nonce: 7 } });
    await expectLeft(
      connecting,
      router,
      'cannot join realm "realm1": authmethod "x_mutual" failed: wrong nonce',
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ['without CHALLENGE', { authmethod: 'x_mutual' }],
    ['without CHALLENGE, by a method not offered', { authmethod: 'anonymous' }],
    ['without CHALLENGE, by no method', {}],
  ])('SCRAM-07: is not escaped by a WELCOME %s', async (_name, details) => {
    const { connecting, listener } = await begin([new Mutual()]);
    const router = await listener.accept();
    await router.expect(Hello);
    welcome(router, details);
    await expectLeft(connecting, router, 'not asked for a signature');
  });

  test.each(['ticket', 'anonymous', 'x_mutual'])(
    'SCRAM-07: nor by a second CHALLENGE, and WELCOME by %s',
    async (authmethod) => {
      const { connecting, listener } = await begin([new Mutual(), ticket('joe', 's'), anonymous()]);
      const router = await listener.accept();
      await router.expect(Hello);
      await challenge(router);
      await challenge(router, 'ticket');
      welcome(router, { authmethod });
      await expectLeft(connecting, router, 'wrong nonce');
    },
  );

  test.each(['ticket', 'anonymous'])(
    'leaves a WELCOME by %s alone, which was offered too',
    async (authmethod) => {
      const { connecting, listener } = await begin([new Mutual(), ticket('joe', 's'), anonymous()]);
      const router = await listener.accept();
      await router.expect(Hello);
      if (authmethod === 'ticket') await challenge(router, 'ticket');
      welcome(router, { authmethod });
      const client = await connecting;
      expect(client.session?.authmethod).toBe(authmethod);
      await leave(client, router);
    },
  );

  test('that cannot begin rejects the join, and sends nothing', async () => {
    const auth: ClientAuthenticator = {
      method: 'x_bound',
      begin: () => {
        throw new ConfigError('no channel to bind to');
      },
    };
    const { connecting } = await begin(auth);
    await expect(connecting).rejects.toThrow(new ConfigError('no channel to bind to'));
  });
});

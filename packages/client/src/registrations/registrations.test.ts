import {
  ErrorMessage,
  ErrorUri,
  Publish,
  Published,
  Register,
  Registered,
  Unregister,
  Unregistered,
  Yield,
} from '@wampkit/protocol';
import { describe, expect, test, vi } from 'vitest';
import { joinScripted } from '../testing.js';
import { answerRegister, invoke, registered } from './testing/registered.js';

test('PREG-01, SHR-01: procedure and options go as given; REGISTERED gives the id', async () => {
  const { client, router } = await joinScripted();
  const options = {
    match: 'prefix',
    invoke: 'roundrobin',
    concurrency: 16,
    disclose_caller: true,
    _x: 1,
  } as const;
  const registering = client.register('com.example', () => 1, options);
  const message = await answerRegister(router);
  expect([message.procedure, message.options]).toEqual(['com.example', options]);
  expect(await registering).toMatchObject({ id: 6, procedure: 'com.example', options });
});

describe('unregister', () => {
  test('UNREGISTER; no invocation starts after the call, one in flight is answered no_such_procedure', async () => {
    const handler = vi.fn(() => 1);
    const { router, registration } = await registered(handler);
    const leaving = registration.unregister();
    const { request, registration: id } = await router.expect(Unregister);
    expect(id).toBe(6);
    router.send(invoke(1), new Unregistered(request), invoke(2));
    for (const invocation of [1, 2]) {
      const error = await router.expect(ErrorMessage);
      expect([error.requestType, error.request, error.error]).toEqual([
        68,
        invocation,
        ErrorUri.NoSuchProcedure,
      ]);
    }
    await leaving;
    expect(handler).not.toHaveBeenCalled();
    expect(registration.id).toBeNull();
    expect(await registration.ended).toEqual({ type: 'done' });
  });

  test('A23: what runs is told by its signal, and its answer is sent', async () => {
    const { router, registration } = await registered(
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('last'))),
    );
    router.send(invoke(1));
    await vi.waitFor(() => Promise.resolve());
    const leaving = registration.unregister();
    const messages = [await router.next(), await router.next()];
    expect(messages.map((message) => message.constructor)).toEqual(
      expect.arrayContaining([Unregister, Yield]),
    );
    router.send(new Unregistered((messages.find((one) => one instanceof Unregister) as Unregister).request));
    await leaving;
  });

  test('BP-RPC-02: ERROR no_such_registration is no failure, another one is', async () => {
    const first = await registered(() => {});
    const leaving = first.registration.unregister();
    const { request } = await first.router.expect(Unregister);
    first.router.send(new ErrorMessage(66, request, {}, ErrorUri.NoSuchRegistration));
    await leaving;
    const second = await registered(() => {});
    const failing = second.registration.unregister();
    const other = await second.router.expect(Unregister);
    second.router.send(new ErrorMessage(66, other.request, {}, 'com.example.no'));
    await expect(failing).rejects.toMatchObject({ uri: 'com.example.no' });
  });

  test('await using does it', async () => {
    const { router, registration } = await registered(() => {});
    const disposing = (async () => {
      await using owned = registration;
      expect(owned.id).toBe(6);
    })();
    router.send(new Unregistered((await router.expect(Unregister)).request));
    await disposing;
  });

  test('a procedure may be registered again at once', async () => {
    const { client, router, registration } = await registered(() => 'old');
    const leaving = registration.unregister();
    const again = client.register('com.example.p', () => 'new');
    router.send(new Unregistered((await router.expect(Unregister)).request));
    await answerRegister(router);
    await leaving;
    expect((await again).id).toBe(6);
    router.send(invoke(1));
    expect((await router.expect(Yield)).payload.args()).toEqual(['new']);
  });
});

describe('signal', () => {
  test('aborted before REGISTERED: CanceledError, and UNREGISTER follows REGISTERED', async () => {
    const { client, router } = await joinScripted();
    const controller = new AbortController();
    const registering = client.register('a', () => {}, { signal: controller.signal });
    const { request } = await router.expect(Register);
    controller.abort('enough');
    await expect(registering).rejects.toMatchObject({ name: 'CanceledError', cause: 'enough' });
    router.send(new Registered(request, 5));
    expect((await router.expect(Unregister)).registration).toBe(5);
    const again = client.register('a', () => {});
    await answerRegister(router);
    await again;
  });

  test('aborted before ERROR: nothing follows, and the procedure may be registered again', async () => {
    const { client, router } = await joinScripted();
    const controller = new AbortController();
    const registering = client.register('a', () => {}, { signal: controller.signal });
    const { request } = await router.expect(Register);
    controller.abort();
    await expect(registering).rejects.toMatchObject({ name: 'CanceledError' });
    router.send(new ErrorMessage(64, request, {}, ErrorUri.NotAuthorized));
    // An answer behind ERROR: when it is here, ERROR has been handled.
    const flushing = client.publish('flush', {}, { acknowledge: true });
    router.send(new Published((await router.expect(Publish)).request, 1));
    await flushing;
    const again = client.register('a', () => {});
    await answerRegister(router);
    await again;
  });

  test('aborted later: unregisters', async () => {
    const controller = new AbortController();
    const { router, registration } = await registered(() => {}, { signal: controller.signal });
    controller.abort();
    router.send(new Unregistered((await router.expect(Unregister)).request));
    expect(await registration.ended).toEqual({ type: 'done' });
  });
});

describe('BP-RPC-01: a procedure that is taken', () => {
  test('ERROR rejects, and leaves nothing behind', async () => {
    const { client, router } = await joinScripted();
    const registering = client.register('a', () => {});
    const { request } = await router.expect(Register);
    router.send(new ErrorMessage(64, request, {}, ErrorUri.ProcedureAlreadyExists));
    await expect(registering).rejects.toMatchObject({
      name: 'RequestError',
      uri: ErrorUri.ProcedureAlreadyExists,
    });
    const again = client.register('a', () => {});
    await answerRegister(router);
    await again;
  });

  test('by this very client: the same error', async () => {
    const { client } = await registered(() => {});
    await expect(client.register('com.example.p', () => {})).rejects.toMatchObject({
      uri: ErrorUri.ProcedureAlreadyExists,
    });
  });
});

test('BP-ORD-03: invocations right behind REGISTERED are handled', async () => {
  const { client, router } = await joinScripted();
  const registering = client.register('a', ({ value }) => value);
  const { request } = await router.expect(Register);
  router.send(new Registered(request, 6), ...[1, 2, 3].map((id) => invoke(id, [id])));
  for (const id of [1, 2, 3]) expect((await router.expect(Yield)).payload.args()).toEqual([id]);
  await registering;
});

test('RREV-03: a revocation drops the registration and tells why', async () => {
  const { client, router, registration } = await registered(() => 1);
  router.send(new Unregistered(0, { registration: 6, reason: 'moved' }), invoke(1));
  expect(await registration.ended).toMatchObject({ type: 'revoked', reason: 'moved' });
  expect((await router.expect(ErrorMessage)).error).toBe(ErrorUri.NoSuchProcedure);
  await registration.unregister();
  await client.publish('flush');
  await router.expect(Publish);
});

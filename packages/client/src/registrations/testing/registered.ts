import { Invocation, Payload, Register, Registered } from '@wampkit/protocol';
import type { InvocationHandler } from '../../exports.js';
import type { ConnectOptions, RegisterOptions } from '../../options.js';
import { joinScripted, type ScriptedPeer } from '../../testing.js';

/** An INVOCATION of what `registered` registers. */
export function invoke(request: number, args: unknown[] = [], details = {}): Invocation {
  return new Invocation(request, 6, details, Payload.of(args));
}

/** Takes REGISTER and answers it. */
export async function answerRegister(router: ScriptedPeer, id = 6): Promise<Register> {
  const message = await router.expect(Register);
  router.send(new Registered(message.request, id));
  return message;
}

/** A client that has joined and registered `com.example.p`, and its router's end. */
export async function registered(
  handler: InvocationHandler,
  options: RegisterOptions = {},
  connect: Partial<ConnectOptions> = {},
) {
  const { client, router, listener } = await joinScripted(connect);
  const registering = client.register('com.example.p', handler, options);
  await answerRegister(router);
  return { client, router, listener, registration: await registering };
}

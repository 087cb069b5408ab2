import { Call, Goodbye, type Message, Result } from '@wampkit/protocol';
import { describe, expect, test, vi } from 'vitest';
import { joinScripted } from './testing.js';

describe('hooks', () => {
  test('tap sees every message both ways, the handshake included', async () => {
    const seen: string[] = [];
    const tap = (message: Message, direction: string) =>
      void seen.push(`${direction} ${message.constructor.name}`);
    const { client, router } = await joinScripted({ tap });
    const closing = client.close();
    await router.goodbye();
    await closing;
    expect(seen).toEqual(['out Hello', 'in Welcome', 'out Goodbye', 'in Goodbye']);
  });

  test('a hook that throws harms nothing, and nothing is written to the console', async () => {
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name));
    const fail = () => {
      throw new Error('hook');
    };
    const logger = { debug: fail, info: fail, warn: fail, error: fail };
    const { client, router } = await joinScripted({ tap: fail, logger, onError: fail });
    const calling = client.call('a');
    const { request } = await router.expect(Call);
    router.send(new Result(request, {}));
    await calling;
    router.send(new Goodbye({}, 'wamp.close.killed'));
    await client.closed;
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});

/* Checked by the compiler; running them proves that the names are there. */
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  CallError,
  type CallResult,
  type CallStream,
  type Client,
  ConnectionLostError,
  connect,
  type EventMessage,
  type EventStream,
  type InvocationContext,
  type Publication,
  RequestError,
  type StatusEvent,
  type Subscription,
  WampError,
} from './index.js';

type Call = Client['call'];

describe('types', () => {
  test('connect', () => {
    expectTypeOf(connect).returns.resolves.toEqualTypeOf<Client>();
    expectTypeOf(connect).parameter(0).toEqualTypeOf<string | readonly string[]>();
    // @ts-expect-error: a realm is needed
    const options: Parameters<typeof connect>[1] = {};
    expect(options).toEqual({});
  });

  test('call, stream and publish', () => {
    expectTypeOf<Call>().returns.resolves.toEqualTypeOf<CallResult>();
    expectTypeOf<CallResult['value']>().toBeUnknown();
    expectTypeOf<CallResult['args']>().toEqualTypeOf<readonly unknown[]>();
    expectTypeOf<CallStream['result']>().resolves.toEqualTypeOf<CallResult>();
    expectTypeOf<CallStream>().toExtend<AsyncIterable<CallResult>>();
    expectTypeOf<ReturnType<Client['publish']>>().resolves.toEqualTypeOf<Publication>();
  });

  test('options are those of the spec; custom ones begin with _', () => {
    const accept = (..._parameters: Parameters<Call>) => true;
    expect(accept('a', { args: [1] }, { timeout: 1, cancelMode: 'kill', _custom: { any: 1 } })).toBe(true);
    // @ts-expect-error: no such mode
    expect(accept('a', {}, { cancelMode: 'please' })).toBe(true);
    // @ts-expect-error: no such option
    expect(accept('a', {}, { timeOut: 1 })).toBe(true);
    // @ts-expect-error: args is a list
    expect(accept('a', { args: 1 })).toBe(true);
  });

  test('subscribe: with a handler a Subscription, without one an EventStream', () => {
    const subscribe = {} as Client['subscribe'];
    const handled = () => subscribe('a', (event) => expectTypeOf(event).toEqualTypeOf<EventMessage>());
    const iterated = () => subscribe('a', { buffer: 1, match: 'prefix' });
    expectTypeOf(handled).returns.resolves.toEqualTypeOf<Subscription>();
    expectTypeOf(iterated).returns.resolves.toEqualTypeOf<EventStream>();
    // @ts-expect-error: a handled subscription has no iterator
    const wrong = async () => (await handled())[Symbol.asyncIterator];
    // @ts-expect-error: a handler needs no buffer
    const useless = () => subscribe('a', () => {}, { buffer: 1 });
    expect([wrong, useless]).toHaveLength(2);
  });

  test('register takes values, promises and generators', () => {
    type Register = Parameters<Client['register']>;
    const accept = (..._parameters: Register) => true;
    expect(accept('a', ({ args: [x] }) => Number(x))).toBe(true);
    expect(
      accept('a', async (invocation) => expectTypeOf(invocation).toEqualTypeOf<InvocationContext>()),
    ).toBe(true);
    expect(
      accept('a', async function* ({ value, signal }) {
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        yield value;
        return 1;
      }),
    ).toBe(true);
    // @ts-expect-error: no such policy
    expect(accept('a', () => 1, { invoke: 'any' })).toBe(true);
  });

  test('errors are one tree', () => {
    const error = new CallError('no');
    expect(error instanceof RequestError && error instanceof WampError && error instanceof Error).toBe(true);
    expectTypeOf(new ConnectionLostError('gone', { sent: true }).sent).toBeBoolean();
  });

  test('a status event is told apart by its status', () => {
    const delay = (event: StatusEvent) => (event.status === 'reconnecting' ? event.delay : null);
    expectTypeOf(delay).returns.toEqualTypeOf<number | null>();
    expect(delay({ status: 'left' })).toBeNull();
  });

  test('owners are disposable', () => {
    expectTypeOf<Client>().toExtend<AsyncDisposable>();
    expectTypeOf<Subscription>().toExtend<AsyncDisposable>();
    expectTypeOf<Awaited<ReturnType<Client['register']>>>().toExtend<AsyncDisposable>();
  });
});

import { Call, Cancel, ErrorMessage, Payload, Result } from '@wampkit/protocol';
import { expect, test } from 'vitest';
import type { StreamOptions } from '../options.js';
import { joinScripted } from '../testing.js';

async function stream(options?: StreamOptions) {
  const { client, router } = await joinScripted();
  const stream = client.stream('com.example.count', { args: [3] }, options);
  const call = await router.expect(Call);
  const progress = (...values: unknown[]) =>
    values.map((value) => new Result(call.request, { progress: true }, Payload.of([value])));
  const final = (value: unknown) => new Result(call.request, {}, Payload.of([value]));
  return { client, router, stream, call, progress, final };
}

async function values(iterable: AsyncIterable<{ value: unknown }>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const { value } of iterable) seen.push(value);
  return seen;
}

test('PCR-03, PCR-04: asks for progress, iterates progressive results in order, then the final one is `result`', async () => {
  const { router, stream: job, call, progress, final } = await stream();
  expect(call.options).toEqual({ receive_progress: true });
  router.send(...progress(1, 2, 3), final('done'));
  expect(await values(job)).toEqual([1, 2, 3]);
  expect((await job.result).value).toBe('done');
});

test('progressive results that come while nobody iterates wait', async () => {
  const { router, stream: job, progress, final } = await stream();
  router.send(...progress(1, 2), final(3));
  expect((await job.result).value).toBe(3);
  expect(await values(job)).toEqual([1, 2]);
});

test('PCR-05: ERROR ends the iteration with the error, after what came before; `result` rejects alike', async () => {
  const { router, stream: job, call, progress } = await stream();
  router.send(...progress(1), new ErrorMessage(48, call.request, {}, 'com.example.no'));
  const seen: unknown[] = [];
  const iterating = (async () => {
    for await (const { value } of job) seen.push(value);
  })();
  await expect(iterating).rejects.toMatchObject({ uri: 'com.example.no' });
  expect(seen).toEqual([1]);
  await expect(job.result).rejects.toMatchObject({ uri: 'com.example.no' });
});

test('CAN-04: leaving the loop cancels the call', async () => {
  const { router, stream: job, call, progress } = await stream();
  router.send(...progress(1, 2));
  for await (const { value } of job) {
    expect(value).toBe(1);
    break;
  }
  const cancel = await router.expect(Cancel);
  expect([cancel.request, cancel.options]).toEqual([call.request, { mode: 'killnowait' }]);
  await expect(job.result).rejects.toMatchObject({ name: 'CanceledError' });
});

test('the signal cancels; cancel() does too', async () => {
  const controller = new AbortController();
  const { router, stream: job } = await stream({ signal: controller.signal });
  controller.abort();
  await router.expect(Cancel);
  await expect(values(job)).rejects.toMatchObject({ name: 'CanceledError' });
  const other = await stream();
  other.stream.cancel();
  await other.router.expect(Cancel);
  await expect(other.stream.result).rejects.toMatchObject({ name: 'CanceledError' });
});

test('a full buffer cancels the call rather than lose a result', async () => {
  const { router, stream: job, progress } = await stream({ buffer: 2 });
  router.send(...progress(1, 2, 3));
  expect((await router.expect(Cancel)).options).toEqual({ mode: 'killnowait' });
  await expect(job.result).rejects.toMatchObject({ name: 'CanceledError' });
  await expect(values(job)).rejects.toThrow('more than 2 items wait');
});

test.each([
  ['drop-oldest', [2, 3]],
  ['drop-newest', [1, 2]],
] as const)('overflow %s', async (overflow, kept) => {
  const { router, stream: job, progress, final } = await stream({ buffer: 2, overflow });
  router.send(...progress(1, 2, 3), final(4));
  await job.result;
  expect(job.dropped).toBe(1);
  expect(await values(job)).toEqual(kept);
});

test('without a session both the iterator and `result` reject', async () => {
  const { client, router } = await joinScripted();
  router.close();
  await client.closed;
  const job = client.stream('a');
  await expect(values(job)).rejects.toMatchObject({ name: 'ConnectionLostError', sent: false });
  await expect(job.result).rejects.toMatchObject({ sent: false });
});

import { expect, test } from 'vitest';
import { DERIVATIONS_AT_ONCE, DERIVATIONS_WAITING } from '../limits.js';
import { Derivations } from './derivations.js';

const world = () => {
  const derivations = new Derivations();
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const run = (lane: string, name: string, isWanted?: () => boolean) =>
    derivations.run(
      { transport: { type: 'websocket', peer: `${lane}:1` }, ...(isWanted && { isWanted }) },
      () => {
        begun.push(name);
        return new Promise<string>((resolve) => ends.push(() => resolve(name)));
      },
    );
  const finishOne = async () => {
    ends.shift()?.();
    for (let count = 0; count < 5; count++) await Promise.resolve();
  };
  return { begun, run, finishOne };
};

test('AUTH-04: a few keys are derived at a time, and one address that asks for many keeps no other waiting', async () => {
  const { begun, run, finishOne } = world();
  for (let count = 0; count < DERIVATIONS_AT_ONCE + 5; count++) run('192.0.2.1', `many-${count}`);
  run('192.0.2.2', 'other');
  expect(begun).toHaveLength(DERIVATIONS_AT_ONCE);
  await finishOne();
  await finishOne();
  expect(begun).toHaveLength(DERIVATIONS_AT_ONCE + 2);
  expect(begun).toContain('other');
});

test('AUTH-04: nothing is derived for a handshake that is over', async () => {
  const { begun, run, finishOne } = world();
  for (let count = 0; count < DERIVATIONS_AT_ONCE; count++) run('192.0.2.1', 'first');
  const gone = run('192.0.2.1', 'gone', () => false);
  const last = run('192.0.2.1', 'last');
  const refused = expect(gone).rejects.toThrow('nobody waits');
  await finishOne();
  await refused;
  expect(begun).toEqual([...new Array(DERIVATIONS_AT_ONCE).fill('first'), 'last']);
  while (begun.length > 0 && begun.pop()) await finishOne();
  expect(await last).toBe('last');
});

test('AUTH-04: how many wait is bounded', () => {
  const { run } = world();
  for (let count = 0; count < DERIVATIONS_AT_ONCE + DERIVATIONS_WAITING; count++)
    expect(run(`192.0.2.${count % 7}`, 'one')).not.toBeNull();
  expect(run('192.0.2.9', 'one')).toBeNull();
});

import { FakeClock } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { AUTH_FAILURES_KEPT } from '../limits.js';
import { FailureLimit } from './failure-limit.js';

const open = () => {
  const clock = new FakeClock();
  return { clock, failures: new FailureLimit(clock) };
};

test('AUTH-04: who has failed as often as the limit within a minute is locked out for a minute', () => {
  const { clock, failures } = open();
  for (let count = 0; count < 2; count++) failures.fail(['a'], 3);
  expect(failures.isLocked(['a'])).toBe(false);
  clock.advance(59_999);
  failures.fail(['a'], 3);
  expect(failures.isLocked(['a'])).toBe(true);
  expect(failures.isLocked(['b'])).toBe(false);
  expect(failures.isLocked(['b', 'a'])).toBe(true);
  clock.advance(59_999);
  expect(failures.isLocked(['a'])).toBe(true);
  clock.advance(1);
  expect(failures.isLocked(['a'])).toBe(false);
  failures.fail(['a'], 3);
  expect(failures.isLocked(['a'])).toBe(false);
});

test('AUTH-04: failures of another minute do not count', () => {
  const { clock, failures } = open();
  failures.fail(['a'], 2);
  clock.advance(60_000);
  failures.fail(['a'], 2);
  expect(failures.isLocked(['a'])).toBe(false);
});

test('AUTH-04: to be denied while locked out makes it no longer', () => {
  const { clock, failures } = open();
  failures.fail(['a'], 1);
  clock.advance(30_000);
  failures.fail(['a'], 1);
  clock.advance(30_000);
  expect(failures.isLocked(['a'])).toBe(false);
});

test('AUTH-04: a success forgets the failures before, but ends no lock-out', () => {
  const { failures } = open();
  failures.fail(['a'], 2);
  failures.succeed('a');
  failures.fail(['a'], 2);
  expect(failures.isLocked(['a'])).toBe(false);
  failures.fail(['a'], 2);
  failures.succeed('a');
  expect(failures.isLocked(['a'])).toBe(true);
});

test('AUTH-04: the table is bounded, and those locked out are not forgotten for others who fail', () => {
  const { failures } = open();
  failures.fail(['first'], 1);
  for (let index = 0; index < 3 * AUTH_FAILURES_KEPT; index++) failures.fail([`k${index}`], 2);
  expect(failures.size).toBe(AUTH_FAILURES_KEPT + 1);
  expect(failures.isLocked(['first'])).toBe(true);
  for (let index = 0; index < 2 * AUTH_FAILURES_KEPT; index++) failures.fail([`l${index}`], 1);
  expect(failures.size).toBe(2 * AUTH_FAILURES_KEPT);
});

import type { Clock } from '@wampkit/protocol';
import { expect, test } from 'vitest';
import { REPEAT_INTERVAL } from './limits.js';
import { RepeatLog } from './repeat-log.js';

/** A clock whose timers fire when the test says so. */
function heldClock() {
  let pending: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    setTimer(ms, fn) {
      expect(ms).toBe(REPEAT_INTERVAL);
      pending.push(fn);
      return { cancel: () => {} };
    },
  };
  const pass = () => {
    const due = pending;
    pending = [];
    for (const fn of due) fn();
    return due.length;
  };
  return { clock, pass };
}

function recording() {
  const { clock, pass } = heldClock();
  const lines: string[] = [];
  const log = new RepeatLog<string>(clock, {
    one: (info) => lines.push(info),
    more: (count, last) => lines.push(`${count} more, last ${last}`),
  });
  return { log, lines, pass };
}

test('log: the first is written at once, the rest is summed up once an interval', () => {
  const { log, lines, pass } = recording();
  for (let i = 1; i <= 1000; i++) log.add(`#${i}`);
  expect(lines).toEqual(['#1']);
  pass();
  expect(lines).toEqual(['#1', '999 more, last #1000']);
  log.add('#1001');
  expect(lines).toHaveLength(2);
  pass();
  expect(lines.at(-1)).toBe('1 more, last #1001');
});

test('log: after a quiet interval the next is written at once, and no timer stays', () => {
  const { log, lines, pass } = recording();
  log.add('a');
  expect([pass(), pass()]).toEqual([1, 0]);
  log.add('b');
  expect(lines).toEqual(['a', 'b']);
});

test('log: flush writes what is not yet summed up, once', () => {
  const { log, lines, pass } = recording();
  for (const info of ['a', 'b', 'c']) log.add(info);
  log.flush();
  log.flush();
  pass();
  expect(lines).toEqual(['a', '2 more, last c']);
});

import { FakeClock } from '@wampkit/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimingWheel, WheelEntry } from './timing-wheel.js';

const setUp = () => {
  const clock = new FakeClock();
  const due: [WheelEntry, number][] = [];
  const wheel = new TimingWheel<WheelEntry>(clock, (entry) => due.push([entry, clock.monotonic()]));
  return { clock, wheel, due };
};

test.each([
  1, 2, 63, 64, 65, 127, 128, 4095, 4096, 4097, 262_143, 262_144, 1e6, 86_400_000, 1_073_741_823,
  1_073_741_824, 3e9,
])('TMO-03: an entry of %d ms is due then, not before', (ms) => {
  const { clock, wheel, due } = setUp();
  const entry = new WheelEntry();
  clock.advance(37);
  wheel.add(entry, ms);
  clock.advance(ms - 1);
  expect(due).toEqual([]);
  expect(wheel.remaining(entry)).toBe(1);
  clock.advance(1);
  expect(due).toEqual([[entry, 37 + ms]]);
  expect(wheel.size).toBe(0);
  expect(clock.timers).toBe(0);
});

test('TMO-03: one timer is set whatever waits, none when nothing does and its time has come', () => {
  const { clock, wheel } = setUp();
  const entries = Array.from({ length: 100 }, () => new WheelEntry());
  for (const [index, entry] of entries.entries()) wheel.add(entry, 1000 - index);
  expect(clock.timers).toBe(1);
  for (const entry of entries) wheel.remove(entry);
  clock.advance(1000);
  expect(clock.timers).toBe(0);
});

test('TMO-03: stop forgets the timer', () => {
  const { clock, wheel } = setUp();
  wheel.add(new WheelEntry(), 10);
  wheel.stop();
  expect(clock.timers).toBe(0);
});

test('PCR-07: an entry that is added again is moved', () => {
  const { clock, wheel, due } = setUp();
  const entry = new WheelEntry();
  for (let count = 0; count < 10; count++) {
    wheel.add(entry, 100);
    clock.advance(99);
  }
  expect(due).toEqual([]);
  clock.advance(1);
  expect(due).toEqual([[entry, 991]]);
});

test('TMO-03: whatever is added, moved and removed, each entry is due exactly when it should be', () => {
  const step = fc.record({
    what: fc.constantFrom('add', 'add', 'remove', 'advance'),
    which: fc.nat(5),
    ms: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 400_000 })),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { clock, wheel, due } = setUp();
      const entries = Array.from({ length: 6 }, () => new WheelEntry());
      const expected = new Map<WheelEntry, number>();
      const settle = () => {
        for (const [entry, at] of due) {
          expect(expected.get(entry)).toBe(at);
          expected.delete(entry);
        }
        due.length = 0;
        for (const at of expected.values()) expect(at).toBeGreaterThan(clock.monotonic());
        expect(wheel.size).toBe(expected.size);
      };
      for (const { what, which, ms } of steps) {
        const entry = entries[which] as WheelEntry;
        if (what === 'advance') clock.advance(ms);
        else if (what === 'remove') {
          wheel.remove(entry);
          expected.delete(entry);
        } else {
          wheel.add(entry, ms);
          expected.set(entry, clock.monotonic() + ms);
        }
        settle();
      }
    }),
  );
});

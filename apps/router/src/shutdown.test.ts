import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { closeOnSignals } from './shutdown.js';

function target() {
  const listeners = new Map<string, (signal: NodeJS.Signals) => void>();
  const exits: number[] = [];
  return {
    exits,
    signal: (name: NodeJS.Signals) => listeners.get(name)!(name),
    on: (name: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void) => listeners.set(name, listener),
    exit: (code: number) => exits.push(code),
  };
}
const log = pino({ level: 'silent' });

test.each(['SIGINT', 'SIGTERM'] as const)('BP-SESS-08: %s closes, then exits with 0', async (name) => {
  const process = target();
  const close = vi.fn(async () => {});
  closeOnSignals({ close }, log, process);
  process.signal(name);
  expect(process.exits).toEqual([]);
  await vi.waitFor(() => expect(process.exits).toEqual([0]));
  expect(close).toHaveBeenCalledTimes(1);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a second signal, %s, exits at once with %i', (name, code) => {
  const process = target();
  closeOnSignals({ close: () => new Promise(() => {}) }, log, process);
  process.signal('SIGTERM');
  process.signal(name);
  expect(process.exits).toEqual([code]);
});

test('a close that fails exits with 1', async () => {
  const process = target();
  closeOnSignals({ close: () => Promise.reject(new Error('no')) }, log, process);
  process.signal('SIGTERM');
  await vi.waitFor(() => expect(process.exits).toEqual([1]));
});

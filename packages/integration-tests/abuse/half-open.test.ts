import { connect, type Socket } from 'node:net';
import { Hello } from '@wampkit/protocol';
import { ticketAuthenticator } from '@wampkit/router';
import { allRoles, FakeClock } from '@wampkit/testkit';
import { expect, test, vi } from 'vitest';
import { Bystanders } from './bystanders.js';
import { upgradeRequest } from './raw-client.js';
import { startVictim, type Victim } from './start-victim.js';

vi.setConfig({ testTimeout: 60_000 });

const TIMEOUT = 10_000; // the default of `handshakeTimeout`
const realms = [
  { name: 'realm1' },
  {
    name: 'tickets',
    authenticators: [ticketAuthenticator({ users: { joe: { ticket: 'secret', role: 'user' } } })],
    roles: [{ name: 'user', permissions: [] }],
  },
];

interface HalfOpen {
  readonly socket: Socket;
  bytes: number;
  closed: boolean;
}

async function openSocket(port: number, first: Buffer | string): Promise<HalfOpen> {
  const socket = connect(port, '127.0.0.1');
  const half: HalfOpen = { socket, bytes: 0, closed: false };
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    half.bytes += chunk.length;
  });
  socket.on('close', () => {
    half.closed = true;
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  if (first.length > 0) socket.write(first);
  return half;
}

function openOf(halves: readonly HalfOpen[]): number {
  return halves.filter(({ closed }) => !closed).length;
}

const rawSocket = Buffer.from([0x7f, 0xf1, 0, 0]);

/** What a connection says before it falls silent, and how many bytes of answer show that the router has read it. */
const silences: readonly [string, Buffer | string, number][] = [
  ['nothing', '', 0],
  ['half an HTTP request', upgradeRequest().slice(0, 60), 0],
  ['half a RawSocket handshake', rawSocket.subarray(0, 2), 0],
  ['a RawSocket handshake and no HELLO', rawSocket, 4],
  ['a WebSocket handshake and no HELLO', upgradeRequest(), 100],
  ['a RawSocket handshake and half a HELLO', Buffer.concat([rawSocket, Buffer.from([0, 0, 0, 80, 91])]), 4],
];

test.each(silences)(
  'BP-SESS-09: who says %s is gone after the handshake timeout',
  async (_, words, answer) => {
    const clock = new FakeClock();
    await using victim = await startVictim({ clock, realms, listener: noPings });
    const bystanders = await Bystanders.join(victim);
    const halves = await Promise.all(Array.from({ length: 20 }, () => openSocket(victim.port, words)));
    await vi.waitFor(() => expect(halves.every(({ bytes }) => bytes >= answer)).toBe(true));
    await victim.join(); // connections are accepted in the order in which they came
    clock.advance(TIMEOUT - 1);
    await bystanders.check();
    expect(openOf(halves)).toBe(halves.length);
    clock.advance(1);
    // a WebSocket is given a moment to answer the close frame, by the platform's clock
    await vi.waitFor(() => expect(openOf(halves)).toBe(0), { timeout: 8000 });
    await bystanders.check();
    await vi.waitFor(() => expect(victim.connections).toBe(3));
    expect(victim.bugs).toEqual([]);
  },
);

const noPings = { websocket: { pingInterval: 0 } };

test('BP-SESS-09: a CHALLENGE that is not answered in time ends the handshake', async () => {
  const clock = new FakeClock();
  await using victim = await startVictim({ clock, realms, listener: noPings });
  const bystanders = await Bystanders.join(victim);
  const silent = await Promise.all([victim.open(), victim.open({ framing: 'websocket' })]);
  for (const client of silent) {
    client.send(new Hello('tickets', { roles: allRoles, authmethods: ['ticket'], authid: 'joe' }));
    await client.next(([code]) => code === 4);
  }
  clock.advance(TIMEOUT);
  for (const client of silent) {
    await client.end();
    expect(client.received.at(-1)).toMatchObject([3, {}, 'wamp.error.timeout']);
  }
  await bystanders.check();
});

test.each([
  ['WebSocket', upgradeRequest()],
  ['RawSocket', rawSocket.toString('latin1')],
])(
  'BP-SESS-09: a %s handshake that comes byte by byte ends with the others, however alive it is',
  async (_, words) => {
    const clock = new FakeClock();
    await using victim = await startVictim({ clock, realms, listener: noPings });
    const bystanders = await Bystanders.join(victim);
    const slow = await openSocket(victim.port, '');
    const bytes = Buffer.from(words, 'latin1');
    const steps = bytes.length - 1;
    for (let at = 0; at < steps && !slow.closed; at++) {
      slow.socket.write(bytes.subarray(at, at + 1));
      await bystanders.check();
      clock.advance(TIMEOUT / steps);
    }
    await vi.waitFor(() => expect(slow.closed).toBe(true));
    await bystanders.check();
  },
);

test('BP-SESS-09: who is refused and goes on sending is cut off', async () => {
  const clock = new FakeClock();
  await using victim = await startVictim({ clock, realms, listener: noPings });
  const bystanders = await Bystanders.join(victim);
  const refused = await openSocket(victim.port, upgradeRequest().replace('/ws', '/other'));
  await vi.waitFor(() => expect(refused.bytes).toBeGreaterThan(0));
  for (let at = 0; at < 10; at++) {
    refused.socket.write('x');
    await bystanders.check();
    clock.advance(TIMEOUT / 10);
  }
  await vi.waitFor(() => expect(refused.closed).toBe(true));
});

test('BP-SESS-09: half-open connections do not keep others from joining', async () => {
  const clock = new FakeClock();
  await using victim: Victim = await startVictim({ clock, realms, listener: noPings });
  const halves = await Promise.all(Array.from({ length: 1000 }, () => openSocket(victim.port, '')));
  const bystanders = await Bystanders.join(victim);
  await bystanders.check();
  clock.advance(TIMEOUT);
  await vi.waitFor(() => expect(openOf(halves)).toBe(0), { timeout: 5000 });
  await bystanders.check();
});

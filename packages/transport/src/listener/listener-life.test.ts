import { once } from 'node:events';
import { lstat, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { jsonSerializer } from '@wampkit/serializer';
import { FakeClock, testTls } from '@wampkit/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connectPeer, createListener, type Listener, type ListenerOptions } from '../index.js';

const tls = testTls();
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Port {
  readonly listener: Listener;
  readonly number: number;
}

async function openPort(options: Partial<ListenerOptions> = {}): Promise<Port> {
  const bind = '127.0.0.1:0';
  const listener = createListener({ bind, serializers: [jsonSerializer], onPeer: () => {}, ...options });
  await listener.listen();
  closers.push(() => listener.close());
  return { listener, number: Number(listener.address.split(':').at(-1)) };
}

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'wampkit-'));
  closers.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function open(port: Port): Promise<Socket> {
  const socket = connect(port.number, '127.0.0.1');
  socket.on('error', () => {});
  closers.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

describe('listening and closing', () => {
  test('BP-TRN-01: address tells the real port, for IPv6 too', async () => {
    const port = await openPort();
    expect(port.listener.address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    const six = await openPort({ bind: '[::1]:0' });
    expect(six.listener.address).toMatch(/^\[::1\]:[1-9]\d*$/);
  });

  test('BP-TRN-01: an address in use is named in the error', async () => {
    const port = await openPort();
    const second = createListener({ bind: port.listener.address, serializers: [], onPeer: () => {} });
    await expect(second.listen()).rejects.toThrow(
      `cannot listen on ${port.listener.address}: the address is in use (EADDRINUSE)`,
    );
  });

  test('BP-TRN-01: a unix socket is made, refused while somebody listens, and removed at the end', async () => {
    const path = join(await directory(), 'socket');
    const { listener } = await openPort({ bind: `unix:${path}` });
    expect(listener.address).toBe(`unix:${path}`);
    const peer = await connectPeer(listener.address, { serializers: [jsonSerializer] });
    expect(peer.transport).toEqual({ type: 'rawsocket', serializer: 'json', secure: false, peer: path });
    const second = createListener({ bind: `unix:${path}`, serializers: [], onPeer: () => {} });
    await expect(second.listen()).rejects.toThrow(`unix:${path}: the address is in use`);
    await listener.close();
    await expect(lstat(path)).rejects.toThrow('ENOENT');
  });

  test('BP-TRN-01: the file of a unix socket that nobody listens on is replaced, another file is not', async () => {
    const path = join(await directory(), 'socket');
    const moved = `${path}.moved`;
    const dead = createServer().listen(path);
    await once(dead, 'listening');
    await rename(path, moved);
    await new Promise((resolve) => dead.close(resolve));
    await openPort({ bind: `unix:${moved}` });
    const file = join(await directory(), 'file');
    await writeFile(file, '');
    const refused = createListener({ bind: `unix:${file}`, serializers: [], onPeer: () => {} });
    await expect(refused.listen()).rejects.toThrow('the address is in use');
  });

  test('BP-TRN-01: close ends peers in order, drops handshakes and resolves when all is over', async () => {
    const clock = new FakeClock();
    const port = await openPort({ clock, websocket: { pingInterval: 0 } });
    const options = { serializers: [jsonSerializer] };
    const left = await Promise.all([
      connectPeer(`ws://127.0.0.1:${port.number}/`, options),
      connectPeer(`tcp://127.0.0.1:${port.number}`, options),
    ]);
    const ends: string[] = [];
    for (const peer of left) peer.onClose = ({ message, clean }) => ends.push(`${clean} ${message}`);
    await open(port);
    await vi.waitFor(() => expect(port.listener.connections).toBe(2));
    await port.listener.close();
    await port.listener[Symbol.asyncDispose]();
    expect(port.listener.connections).toBe(0);
    await vi.waitFor(() => expect(ends).toHaveLength(2));
    expect(ends.sort()).toEqual([
      'true closed by the other end',
      'true closed by the other end with code 1000: the listener closes',
    ]);
    expect(clock.timers).toBe(0);
    await expect(connectPeer(`tcp://127.0.0.1:${port.number}`, options)).rejects.toThrow(
      'connection refused',
    );
  });

  test('BP-TRN-01: close cuts a TLS handshake under way', async () => {
    const port = await openPort({ tls });
    const socket = await open(port);
    socket.write('\x16\x03\x01', 'latin1');
    const peer = connectTls({ port: port.number, host: '127.0.0.1', ca: tls.cert });
    peer.on('error', () => {});
    await once(peer, 'secureConnect');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await port.listener.close();
    await closed;
  });
});

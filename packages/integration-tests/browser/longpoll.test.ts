import { type Client, connect } from '@wampkit/client';
import type { connectPeer } from '@wampkit/client/longpoll';
import { Router } from '@wampkit/router';
import { createListener, type Listener } from '@wampkit/transport';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasChromium, launchChromium } from '../src/chromium.js';
import { serializers } from '../src/start-router.js';
import { type ServedPage, servePage } from './serve-page.js';

// Skipped, and visibly so, where Chromium is not: see CONTRIBUTING.
describe.skipIf(!hasChromium)('a page in Chromium, from another origin', () => {
  const router = new Router({ realms: [{ name: 'realm1' }] });
  const transports: string[] = [];
  let open: Listener;
  let named: Listener;
  let served: ServedPage;
  let browser: Browser;
  let page: Page;
  let shell: Client;

  beforeAll(async () => {
    served = await servePage('longpoll-page.ts');
    open = await listen([]);
    named = await listen(['https://other.example.com']);
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(served.url());
    shell = await connect(`tcp://${open.address}`, { realm: 'realm1' });
  });
  afterAll(async () => {
    await browser?.close();
    await shell?.close();
    served?.close();
    await router.close();
    await Promise.all([open?.close(), named?.close()]);
  });

  async function listen(origins: string[]): Promise<Listener> {
    const listener = createListener({
      bind: '127.0.0.1:0',
      serializers: Object.values(serializers),
      longpoll: { path: '/lp', origins },
      onPeer(peer) {
        transports.push(`${peer.transport.type} ${peer.encoding}`);
        router.attach(peer);
      },
    });
    await listener.listen();
    return listener;
  }

  test('LP-04: joins over long-poll where no WebSocket is to be had, calls, is called, and receives events', async () => {
    // Nothing listens for the first URL.
    const urls = [`ws://127.0.0.1:1/ws`, `http://${open.address}/lp`];
    expect(await page.evaluate(join, { urls })).toBe('joined');
    expect(transports.at(-1)).toBe('longpoll json/batched');
    await shell.register('com.example.add', ({ args: [a, b] }) => (a as number) + (b as number));
    expect(await page.evaluate(callAdd)).toBe(5);
    expect((await shell.call('com.example.page.hello', { args: ['you'] })).value).toBe('Hello you');
    for (let i = 0; i < 50; i++) await shell.publish('com.example.news', { args: [i, 'ünï ☃'] });
    await vi.waitFor(async () => expect(await page.evaluate(receivedEvents)).toHaveLength(50));
    expect(await page.evaluate(receivedEvents)).toEqual(Array.from({ length: 50 }, (_, i) => [i, 'ünï ☃']));
    await page.evaluate(leave);
    await vi.waitFor(() => expect(open.connections).toBe(1));
  });

  test('BAT-01: joins over a batched WebSocket', async () => {
    expect(await page.evaluate(join, { urls: [`ws://${open.address}/ws`], batched: true })).toBe('joined');
    expect(transports.at(-1)).toBe('websocket json/batched');
    expect(await page.evaluate(callAdd)).toBe(5);
    await page.evaluate(leave);
  });

  test('LP-04: does not get in where its origin is not named', async () => {
    const before = transports.length;
    expect(await page.evaluate(join, { urls: [`http://${named.address}/lp`] })).toContain(
      'cannot connect to',
    );
    expect(transports).toHaveLength(before);
  });
});

/** What the functions below find in the page. */
interface PageGlobals {
  connect: typeof connect;
  connectPeer: typeof connectPeer;
  client: Client;
  events: unknown[];
}
declare const self: PageGlobals;

// The functions below run in the page.

async function join(options: { urls: string[]; batched?: boolean }): Promise<string> {
  const { urls, ...transport } = options;
  try {
    self.events = [];
    self.client = await self.connect(urls, {
      realm: 'realm1',
      connectPeer: self.connectPeer,
      reconnect: false,
      ...transport,
    });
    await self.client.register('com.example.page.hello', ({ args: [name] }) => `Hello ${name}`);
    await self.client.subscribe('com.example.news', ({ args }) => void self.events.push(args));
    return 'joined';
  } catch (error) {
    return (error as Error).message;
  }
}

async function callAdd(): Promise<unknown> {
  return (await self.client.call('com.example.add', { args: [2, 3] })).value;
}

function receivedEvents(): unknown[] {
  return self.events;
}

async function leave(): Promise<void> {
  await self.client.close();
}

import { type Client, connect } from '@wampkit/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasChromium, launchChromium } from '../src/chromium.js';
import { startRouter, type TestRouter } from '../src/start-router.js';
import { type ServedPage, servePage } from './serve-page.js';

// Skipped, and visibly so, where Chromium is not: see CONTRIBUTING.
describe.skipIf(!hasChromium)('a page in Chromium', () => {
  let router: TestRouter;
  let served: ServedPage;
  let browser: Browser;
  let page: Page;
  let shell: Client;

  beforeAll(async () => {
    router = await startRouter();
    served = await servePage('page.ts');
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(served.url());
    await page.evaluate(join, router.url('ws'));
    shell = await connect(router.url('tcp'), { realm: 'realm1' });
  });
  afterAll(async () => {
    await browser?.close();
    await shell?.close();
    served?.close();
    await router?.[Symbol.asyncDispose]();
  });

  test('calls what a shell registered', async () => {
    await shell.register('com.example.add', ({ args: [a, b] }) => (a as number) + (b as number));
    expect(await page.evaluate(callAdd)).toBe(5);
  });

  test('is called by a shell', async () => {
    await page.evaluate(registerHello);
    expect((await shell.call('com.example.page.hello', { args: ['you'] })).value).toBe('Hello you');
  });

  test('receives events, and its own are received', async () => {
    await page.evaluate(subscribeNews);
    await shell.publish('com.example.news', { args: [1, 'ünï ☃'] }, { acknowledge: true });
    await vi.waitFor(async () => expect(await page.evaluate(receivedEvents)).toEqual([[1, 'ünï ☃']]));

    const received: unknown[] = [];
    await shell.subscribe('com.example.from-page', ({ args }) => void received.push(args));
    await page.evaluate(publishFromPage);
    await vi.waitFor(() => expect(received).toEqual([['hello']]));
  });

  test('reconnects, and its subscriptions and registrations are back', async () => {
    await shell.call('com.example.page.hello', { args: ['you'] });
    const before = await page.evaluate(sessionId);
    await page.evaluate(dropConnection);
    await vi.waitFor(async () => {
      expect(await page.evaluate(sessionId)).not.toBe(before);
      expect((await shell.call('com.example.page.hello', { args: ['again'] })).value).toBe('Hello again');
    });
    await shell.publish('com.example.news', { args: [2] }, { acknowledge: true });
    await vi.waitFor(async () => expect(await page.evaluate(receivedEvents)).toContainEqual([2]));
  });
});

/** What the functions below find in the page. */
interface PageGlobals {
  connect: typeof connect;
  client: Client;
  events: unknown[];
  sockets: WebSocket[];
}
declare const self: PageGlobals & { WebSocket: typeof WebSocket };

// The functions below run in the page.

async function join(url: string): Promise<void> {
  const sockets: WebSocket[] = [];
  self.sockets = sockets;
  self.WebSocket = class extends self.WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      sockets.push(this);
    }
  };
  self.events = [];
  self.client = await self.connect(url, { realm: 'realm1', reconnect: { initialDelay: 10 } });
}

async function callAdd(): Promise<unknown> {
  return (await self.client.call('com.example.add', { args: [2, 3] })).value;
}

async function registerHello(): Promise<void> {
  await self.client.register('com.example.page.hello', ({ args: [name] }) => `Hello ${name}`);
}

async function subscribeNews(): Promise<void> {
  await self.client.subscribe('com.example.news', ({ args }) => void self.events.push(args));
}

function receivedEvents(): unknown[] {
  return self.events;
}

async function publishFromPage(): Promise<void> {
  await self.client.publish('com.example.from-page', { args: ['hello'] }, { acknowledge: true });
}

function sessionId(): number | undefined {
  return self.client.session?.id;
}

function dropConnection(): void {
  self.sockets.at(-1)?.close();
}

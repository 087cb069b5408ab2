import { type Client, connect } from '@wampkit/client';
import { type CipherName, keyRing } from '@wampkit/client/e2ee';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium } from '../src/chromium.js';
import { startRouter, type TestRouter } from '../src/start-router.js';
import { type ServedPage, servePage } from './serve-page.js';

const secret = Buffer.alloc(32, 7).toString('base64');
const ciphers = ['xsalsa20poly1305', 'aes256gcm'] as const;

// A page over plain http of another host than this one has no SubtleCrypto, and needs none.
describe.skipIf(!hasChromium)('a page in Chromium at http://page.example', () => {
  let router: TestRouter;
  let served: ServedPage;
  let browser: Browser;
  let page: Page;
  let shell: Client | null = null;

  beforeAll(async () => {
    router = await startRouter();
    served = await servePage('e2ee-page.ts');
    browser = await launchChromium(['--host-resolver-rules=MAP page.example 127.0.0.1']);
    page = await browser.newPage();
    await page.goto(served.url('page.example'));
  });
  afterAll(async () => {
    await browser?.close();
    await shell?.close();
    served?.close();
    await router?.[Symbol.asyncDispose]();
  });

  test.each(ciphers)('PPT-06: %s of a page is that of Node', async (cipher) => {
    const keys = [{ id: 'k', secret, cipher }];
    shell = await connect(router.url('ws'), {
      realm: 'realm1',
      payloads: keyRing([{ uri: 'com.example.', keys }]),
    });
    await shell.register(`com.example.${cipher}`, ({ args: [a, b] }) => Number(a) + Number(b));
    const asked = { url: router.url('ws'), secret, cipher };
    expect(await page.evaluate(callEncrypted, asked)).toEqual({ value: 5, cipher, subtle: false });
    await shell.close();
  });
});

/** What the function below finds in the page. */
interface PageGlobals {
  connect: typeof connect;
  keyRing: typeof keyRing;
}
declare const self: PageGlobals;

// Runs in the page.
async function callEncrypted(of: { url: string; secret: string; cipher: CipherName }) {
  const { url, ...key } = of;
  const payloads = self.keyRing([{ uri: 'com.example.', keys: [{ id: 'k', ...key }] }]);
  const client = await self.connect(url, { realm: 'realm1', payloads });
  const { value, details } = await client.call(`com.example.${key.cipher}`, { args: [2, 3] });
  await client.close();
  return { value, cipher: details.ppt_cipher, subtle: crypto.subtle !== undefined };
}

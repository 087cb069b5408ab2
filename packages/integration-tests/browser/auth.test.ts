import { cryptosign, cryptosignPublicKey } from '@wampkit/client/auth/cryptosign';
import { wampScram } from '@wampkit/client/auth/wamp-scram';
import { wampcra } from '@wampkit/client/auth/wampcra';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium } from '../src/chromium.js';
import { type ServedPage, servePage } from './serve-page.js';

const seed = '4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510';
const salt = 'W22ZaJ0SNY7soEsUEjb6gQ==';
const scramCosts = [
  { kdf: 'pbkdf2', iterations: 4096, memory: null },
  { kdf: 'argon2id13', iterations: 1, memory: 8192 },
] as const;

// A page over plain http of another host than this one has no SubtleCrypto, which is how most routers are tried first.
describe.skipIf(!hasChromium).each(['127.0.0.1', 'page.example'])(
  'a page in Chromium at http://%s',
  (host) => {
    let served: ServedPage;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      served = await servePage('auth-page.ts');
      browser = await launchChromium(['--host-resolver-rules=MAP page.example 127.0.0.1']);
      page = await browser.newPage();
      await page.goto(served.url(host));
    });
    afterAll(async () => {
      await browser?.close();
      served?.close();
    });

    test('has SubtleCrypto only where it is trusted', async () => {
      expect(await page.evaluate(() => crypto.subtle !== undefined)).toBe(host === '127.0.0.1');
    });

    test('CRA-03, CRA-04: signs as Node does', async () => {
      const extra = { challenge: '[1, 2, 3]', salt: 'salt123', iterations: 1000, keylen: 32 };
      expect(await page.evaluate(signWampcra, extra)).toEqual(await wampcra('ann', 'secret').answer(extra));
    });

    test.each(scramCosts)('SCRAM-09: proves a password by $kdf as Node does', async (costs) => {
      const random = () => new Uint8Array(16);
      const half = wampScram('eve', 'pässword', { random }).begin({ transport: { type: 'memory' } });
      const extra = { ...costs, salt, nonce: `${half.authextra?.nonce}more` };
      expect(await page.evaluate(proveScram, extra)).toEqual(await half.answer(extra));
    });

    test('CS-03: signs as Node does', async () => {
      const extra = { challenge: 'f'.repeat(64) };
      const half = cryptosign(seed).begin({ transport: { type: 'memory' } });
      const { authextra, answer } = await page.evaluate(signCryptosign, { seed, extra });
      expect(authextra).toEqual({ pubkey: cryptosignPublicKey(seed) });
      expect(answer).toEqual(await half.answer(extra));
    });
  },
);

/** What the functions below find in the page. */
interface PageGlobals {
  cryptosign: typeof cryptosign;
  wampScram: typeof wampScram;
  wampcra: typeof wampcra;
}
declare const self: PageGlobals;

// The functions below run in the page.

async function signWampcra(extra: Record<string, unknown>) {
  return self.wampcra('ann', 'secret').answer(extra);
}

async function proveScram(extra: Record<string, unknown>) {
  const random = () => new Uint8Array(16);
  return self
    .wampScram('eve', 'pässword', { random })
    .begin({ transport: { type: 'memory' } })
    .answer(extra);
}

async function signCryptosign({ seed, extra }: { seed: string; extra: Record<string, unknown> }) {
  const half = self.cryptosign(seed).begin({ transport: { type: 'memory' } });
  return { authextra: half.authextra, answer: await half.answer(extra) };
}

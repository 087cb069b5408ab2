import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpEndpoints } from './http-endpoints.js';

let server: Server;
let url: string;
let draining = false;

beforeAll(async () => {
  server = createServer(httpEndpoints({ health: '/healthz', metrics: '/metrics' }, () => draining));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function ask(path: string, method = 'GET') {
  const response = await fetch(`${url}${path}`, { method });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

test('health: 200 when ready, 503 when draining', async () => {
  draining = false;
  expect(await ask('/healthz?verbose')).toMatchObject({ status: 200, body: '{"status":"ready"}' });
  draining = true;
  const answer = await ask('/healthz');
  expect(answer).toMatchObject({ status: 503, body: '{"status":"draining"}' });
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('health: HEAD has the headers and no body', async () => {
  draining = false;
  const answer = await ask('/healthz', 'HEAD');
  expect(answer).toMatchObject({ status: 200, body: '' });
  expect(answer.headers.get('content-length')).toBe('18');
});

test('health: another method is 405', async () => {
  const answer = await ask('/healthz', 'POST');
  expect(answer).toMatchObject({ status: 405, body: 'only GET and HEAD\n' });
  expect(answer.headers.get('allow')).toBe('GET, HEAD');
});

test.each(['/', '/health', '/metrics', '/healthz/', '//'])('http: %s is 404 and a line', async (path) => {
  expect(await ask(path)).toMatchObject({ status: 404, body: 'not found\n' });
});

import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { endRefused } from './end-refused.js';

/** Writes an HTTP answer of one line of text to a bare socket and ends it. */
export function refuseHttp(
  socket: Socket,
  status: number,
  answer: { text: string; headers?: Readonly<Record<string, string>> },
): void {
  const body = `${answer.text}\n`;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
  ];
  endRefused(socket, `${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** Answers an HTTP request with one line of text. */
export function answerText(
  response: ServerResponse,
  status: number,
  answer: { text: string; headers?: Readonly<Record<string, string>> },
): void {
  const body = `${answer.text}\n`;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...answer.headers,
  });
  response.end(body);
}

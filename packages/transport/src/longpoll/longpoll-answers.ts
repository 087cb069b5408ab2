import type { ServerResponse } from 'node:http';

/** Answers the requests of one listener's long-polls: what no answer may lack is set before. */
export function answerEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status, status === 204 ? {} : { 'content-length': 0 });
  response.end();
}

/** Answers with one line of text. */
export function answerLine(response: ServerResponse, status: number, text: string): void {
  const body = `${text}\n`;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Refuses a request whose body is not read to its end: the connection cannot be used again. */
export function refuseUnread(response: ServerResponse, status: number, text: string): void {
  response.setHeader('connection', 'close');
  answerLine(response, status, text);
}

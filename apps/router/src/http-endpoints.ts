import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouterConfig } from './config/schema.js';

/** Answers what is not WebSocket on a listener that serves HTTP. */
export type HttpEndpoints = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Makes the HTTP endpoints: `http.health` tells 200 `{"status":"ready"}`, or 503 `{"status":"draining"}` once
 * `isDraining` says so; everything else is 404 and a line of text.
 */
export function httpEndpoints(config: RouterConfig['http'], isDraining: () => boolean): HttpEndpoints {
  return (request, response) => {
    // A body is of no interest, but has to be read off the connection.
    request.resume();
    const path = (request.url ?? '/').split('?', 1)[0];
    if (path !== config.health) return answer(request, response, { status: 404, text: 'not found\n' });
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return answer(request, response, { status: 405, text: 'only GET and HEAD\n' });
    }
    response.setHeader('cache-control', 'no-store');
    return isDraining()
      ? answer(request, response, { status: 503, json: { status: 'draining' } })
      : answer(request, response, { status: 200, json: { status: 'ready' } });
  };
}

interface Answer {
  readonly status: number;
  readonly text?: string;
  readonly json?: unknown;
}

function answer(request: IncomingMessage, response: ServerResponse, { status, text, json }: Answer): void {
  const body = text ?? JSON.stringify(json);
  response.writeHead(status, {
    'content-type': text === undefined ? 'application/json' : 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

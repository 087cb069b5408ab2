import { Agent, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as SecureAgent } from 'node:https';
import type { Attempt } from '../connect/connect-attempt.js';
import type { ConnectPeerOptions } from '../connect/connect-options.js';
import { socketFailure } from '../connect/socket-failure.js';
import { limits } from '../limits.js';
import type { PeerHost } from '../peer/peer-host.js';
import { contentTypeOf } from './fetch-post.js';
import { openLongPoll } from './open-longpoll.js';
import type { Post, PostAnswer } from './post.js';
import { readBody } from './read-body.js';

/** Opens a long-poll from Node, where certificates and headers can be told. */
export function connectLongPoll(url: string, options: ConnectPeerOptions, host: PeerHost): Attempt {
  const { serializers, batched = true, tls, headers = {}, pingInterval = limits.pingInterval } = options;
  const { clock, maxMessageSize, poisonReads } = host;
  const settings = { keepAlive: true, ...(pingInterval > 0 ? { keepAliveMsecs: pingInterval } : {}) };
  const secure = /^https:/i.test(url);
  const agent = secure ? new SecureAgent({ ...settings, ...tls }) : new Agent(settings);
  return openLongPoll(url, {
    post: createPost(secure ? requestHttps : requestHttp, { agent, headers }),
    serializers,
    batched,
    bounds: { ...host.bounds, clock, maxMessageSize, poisonReads },
    describe: socketFailure,
    release: () => agent.destroy(),
  });
}

type Send = typeof requestHttp;

/** A POST over connections that are used again: one waits for a receive, the other sends. */
function createPost(
  send: Send,
  { agent, headers }: { agent: Agent; headers: Readonly<Record<string, string>> },
): Post {
  return (url, body, { signal, limit }) =>
    new Promise<PostAnswer>((resolve, reject) => {
      const type = body === null ? {} : { 'content-type': contentTypeOf(body) };
      const length = body === null ? 0 : Buffer.byteLength(body);
      const request = send(url, {
        method: 'POST',
        agent,
        signal,
        headers: { ...headers, ...type, 'content-length': length },
      });
      request.on('error', reject);
      request.on('response', (response) => {
        const { statusCode: status = 0 } = response;
        readBody(response, limit, (read) => {
          if ('body' in read) resolve({ status, body: read.body });
          else {
            response.destroy();
            reject(new Error(`an answer that is ${read.fault}`));
          }
        });
      });
      request.end(body ?? undefined);
    });
}

import type { Post } from './post.js';

/** POST through the platform's `fetch`. Cookies go along to the page's own origin only. */
export const fetchPost: Post = async (url, body, { signal, limit }) => {
  const response = await fetch(url, {
    method: 'POST',
    signal,
    ...(body === null ? {} : { body, headers: { 'content-type': contentTypeOf(body) } }),
  });
  return { status: response.status, body: await readBounded(response, limit) };
};

/** The type of a body: text is JSON. */
export function contentTypeOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? 'application/json; charset=utf-8' : 'application/octet-stream';
}

async function readBounded(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
    if (size > limit) {
      void reader.cancel();
      throw new Error(`an answer of more than ${limit} bytes`);
    }
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

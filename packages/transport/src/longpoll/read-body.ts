import type { IncomingMessage } from 'node:http';

/** What came of a request's body. */
export type BodyRead = { readonly body: Buffer } | { readonly fault: 'too large' | 'cut off' };

/** Reads the body of a request up to `limit` bytes, and tells what came of it once. */
export function readBody(request: IncomingMessage, limit: number, done: (read: BodyRead) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const settle = (read: BodyRead): void => {
    request.off('data', onData).off('end', onEnd).off('close', onCut).off('error', onCut);
    request.on('error', () => {});
    done(read);
  };
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > limit) settle({ fault: 'too large' });
    else chunks.push(chunk);
  };
  const onEnd = (): void =>
    settle({ body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) });
  const onCut = (): void => settle({ fault: 'cut off' });
  if (Number(request.headers['content-length'] ?? 0) > limit) done({ fault: 'too large' });
  else if (request.destroyed && !request.readableEnded) done({ fault: 'cut off' });
  else request.on('data', onData).on('end', onEnd).on('close', onCut).on('error', onCut);
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundlePage } from './bundle-page.js';

/** A page that is served on a port of this host. */
export interface ServedPage {
  /** @param host what stands for 127.0.0.1 in the browser; by default that itself */
  url(host?: string): string;
  close(): void;
}

/** Serves a page whose only script is a module of this folder. */
export async function servePage(file: string): Promise<ServedPage> {
  const { code } = await bundlePage(file);
  const server: Server = createServer(({ url }, response) => {
    const isScript = url === '/page.js';
    response
      .writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
      .end(isScript ? code : '<script type="module" src="page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: (host = '127.0.0.1') => `http://${host}:${port}/`, close: () => void server.close() };
}

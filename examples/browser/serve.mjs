// Bundles page.js with esbuild and serves it with index.html: node serve.mjs [port]
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));
const { outputFiles } = await build({
  entryPoints: [`${folder}page.js`],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  write: false,
});
const pages = {
  '/': ['text/html; charset=utf-8', await readFile(`${folder}index.html`)],
  '/page.js': ['text/javascript; charset=utf-8', outputFiles[0].contents],
};

const server = createServer((request, response) => {
  const page = pages[new URL(request.url, 'http://localhost').pathname];
  if (page === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': page[0] }).end(page[1]);
});
server.listen(Number(process.argv[2] ?? 8081), '127.0.0.1', () => {
  console.log(`open http://127.0.0.1:${server.address().port}/`);
});

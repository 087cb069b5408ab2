// limit.mjs over RawSocket, in each serializer. node limit-rawsocket.mjs PORT json|msgpack|cbor
import { createServer } from 'node:net';
import { codecs, LimitLoop } from './limit-loop.mjs';

const [port, serializer] = process.argv.slice(2);
const loop = new LimitLoop(codecs[serializer], (bytes) => {
  const header = Buffer.allocUnsafe(4);
  header.writeUInt32BE(bytes.length);
  return bytes.length < 16384 ? [Buffer.concat([header, bytes])] : [header, bytes];
});

const server = createServer({ noDelay: true }, (socket) => {
  const session = { socket, calls: new Map(), invocation: 0 };
  let rest = null;
  let greeted = false;
  socket.on('data', (chunk) => {
    const bytes = rest === null ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    if (!greeted && bytes.length >= 4) {
      greeted = true;
      at = 4;
      socket.write(Uint8Array.of(0x7f, bytes[1], 0, 0));
    }
    while (at + 4 <= bytes.length) {
      const end = at + 4 + bytes.readUInt32BE(at);
      if (end > bytes.length) break;
      loop.receive(session, bytes.subarray(at + 4, end));
      at = end;
    }
    rest = at < bytes.length ? bytes.subarray(at) : null;
  });
  socket.on('close', () => loop.leave(session));
  socket.on('error', () => {});
});
server.listen(Number(port), '127.0.0.1');

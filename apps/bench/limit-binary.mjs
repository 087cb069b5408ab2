// limit.mjs for msgpack and cbor over WebSocket. node limit-binary.mjs PORT msgpack|cbor
import { Sender, WebSocketServer } from 'ws';
import { codecs, LimitLoop } from './limit-loop.mjs';

const [port, serializer] = process.argv.slice(2);
const opcode = serializer === 'json' ? 1 : 2;
const loop = new LimitLoop(codecs[serializer], (bytes) => {
  const parts = Sender.frame(bytes, { fin: true, rsv1: false, opcode, mask: false, readOnly: false });
  return bytes.length < 16384 ? [Buffer.concat(parts)] : parts;
});

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(port),
  perMessageDeflate: false,
  allowSynchronousEvents: true,
  handleProtocols: (offered) => [...offered][0],
});
server.on('connection', (ws) => {
  const session = { socket: ws._socket, calls: new Map(), invocation: 0 };
  ws.on('message', (bytes) => loop.receive(session, bytes));
  ws.on('close', () => loop.leave(session));
  ws.on('error', () => {});
});

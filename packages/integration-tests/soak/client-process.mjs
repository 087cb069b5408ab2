// A client without a library, to be killed: opens sessions over RawSocket that hold entries, says `ready`, and waits.
// Arguments: the router's port, the number of the first session, how many.
import { connect } from 'node:net';

const [port, first, count] = process.argv.slice(2).map(Number);
const roles = { caller: { features: { call_canceling: true } }, callee: {}, subscriber: {}, publisher: {} };
let waiting = 2 * count;

function frame(message) {
  const bytes = Buffer.from(JSON.stringify(message));
  const header = Buffer.alloc(4);
  header.writeUInt32BE(bytes.length);
  return Buffer.concat([header, bytes]);
}

for (let number = first; number < first + count; number++) {
  const socket = connect(port, '127.0.0.1');
  socket.write(Buffer.from([0x7f, 0xf1, 0, 0]));
  for (const message of [
    [1, 'realm1', { roles }],
    [32, 1, {}, 'soak.topic'],
    [32, 2, { match: 'prefix' }, `soak.own.${number}`],
    [64, 3, {}, `soak.procedure.${number}`],
    [48, 4, {}, 'soak.silent'],
  ])
    socket.write(frame(message));
  let text = '';
  socket.on('data', (chunk) => {
    const before = text;
    text += chunk.toString('latin1');
    for (const answer of ['[33,2,', '[65,3,'])
      if (!before.includes(answer) && text.includes(answer) && --waiting === 0)
        process.stdout.write('ready\n');
  });
}

import { startRouter } from '../src/start-router.js';

const r = await startRouter();
console.log(r.url('ws'));
process.on('SIGTERM', () => process.exit(0));
setInterval(() => {}, 1000);

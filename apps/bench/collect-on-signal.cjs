// Preloaded into a router on Node when memory is to be measured: SIGUSR2 collects the garbage.
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  for (let i = 0; i < 3; i += 1) collect();
});

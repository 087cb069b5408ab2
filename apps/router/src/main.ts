import { runCommandLine } from './command-line.js';

const code = await runCommandLine(process.argv.slice(2));
if (code !== null) process.exitCode = code;

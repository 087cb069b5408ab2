import { openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import { UsageError } from './usage-error.js';

/**
 * Asks at the controlling terminal, also when standard input is a pipe, and does not echo.
 *
 * @throws {UsageError} when there is no terminal, or on Ctrl-C and Ctrl-D
 */
export async function promptSecret(question: string): Promise<string> {
  const { input, output } = openTerminal();
  try {
    input.setRawMode(true); // first: what is typed at once must not show either
    output.write(question);
    return await readLine(input);
  } finally {
    input.setRawMode(false);
    output.write('\n');
    input.destroy();
    output.destroy();
  }
}

function openTerminal(): { input: ReadStream; output: WriteStream } {
  try {
    return {
      input: new ReadStream(openSync('/dev/tty', 'r+')),
      output: new WriteStream(openSync('/dev/tty', 'w')),
    };
  } catch {
    throw new UsageError('"prompt" needs a terminal: use @file, @- or env:NAME here');
  }
}

function readLine(input: ReadStream): Promise<string> {
  const { promise, resolve, reject } = deferred();
  let line = '';
  input.setEncoding('utf8');
  input.on('data', (chunk: string) => {
    for (const key of chunk) {
      if (key === '\r' || key === '\n') return resolve(line);
      // In raw mode the terminal makes no signal of Ctrl-C.
      if (key === '\u0003') process.kill(process.pid, 'SIGINT');
      if (key === '\u0003' || key === '\u0004') return reject(new UsageError('no secret was given'));
      line = key === '\u007f' || key === '\b' ? line.slice(0, -1) : line + key;
    }
  });
  input.on('error', reject);
  return promise;
}

function deferred() {
  let resolve!: (line: string) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<string>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

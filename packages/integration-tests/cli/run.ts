import { runCli, type Terminal } from '@wampkit/cli';

/** What a command line gave. */
export interface CliOutcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process against a real router. */
export async function run(...argv: string[]): Promise<CliOutcome> {
  let [out, err] = ['', ''];
  const output = (write: (text: string) => void) => ({
    isTty: false,
    columns: 80,
    write: (data: string | Uint8Array) =>
      write(typeof data === 'string' ? data : Buffer.from(data).toString('latin1')),
  });
  const terminal: Terminal = {
    env: {},
    stdout: output((text) => (out += text)),
    stderr: output((text) => (err += text)),
    stdin: (async function* () {})(),
    stop: new AbortController().signal,
    promptSecret: () => Promise.reject(new Error('no terminal')),
  };
  const exitCode = await runCli(argv, { terminal, version: '0.0.0' });
  return { exitCode, out, err };
}

import { ScriptedListener, type ScriptedPeer } from '@wampkit/client/testing';
import { type Call, ErrorMessage, type Hello, Payload } from '@wampkit/protocol';
import { type Connect, openSession } from '../open-session.js';
import { runCli } from '../run-cli.js';
import type { Terminal } from '../terminal.js';

export interface Shell {
  readonly terminal: Terminal;
  readonly out: () => string;
  readonly err: () => string;
  stop(exitCode: number): void;
}

export function createShell(
  setup: { env?: Record<string, string>; stdin?: string; isTty?: boolean; typed?: string[] } = {},
): Shell {
  let [out, err] = ['', ''];
  const typed = [...(setup.typed ?? [])];
  const controller = new AbortController();
  const output = (write: (text: string) => void) => ({
    isTty: setup.isTty ?? false,
    columns: 80,
    write: (data: string | Uint8Array) => write(typeof data === 'string' ? data : `bytes ${data}`),
  });
  const terminal: Terminal = {
    env: setup.env ?? {},
    stdout: output((text) => (out += text)),
    stderr: output((text) => (err += text)),
    stdin: (async function* () {
      yield new TextEncoder().encode(setup.stdin ?? '');
    })(),
    stop: controller.signal,
    promptSecret: async (question) => typed.shift() ?? `typed at ${question}`,
  };
  return { terminal, out: () => out, err: () => err, stop: (exitCode) => controller.abort({ exitCode }) };
}

export interface Run {
  readonly shell: Shell;
  readonly exitCode: Promise<number>;
  readonly listener: ScriptedListener;
}

export function start(argv: readonly string[], shell = createShell()): Run {
  const listener = new ScriptedListener();
  const connect: Connect = (request) => openSession(request, { connectPeer: listener.connectPeer });
  return { shell, listener, exitCode: runCli(argv, { terminal: shell.terminal, version: '1.2.3', connect }) };
}

/** A run whose session is joined. */
export async function join(
  argv: readonly string[],
  shell = createShell(),
): Promise<Run & { router: ScriptedPeer; hello: Hello }> {
  const run = start(argv, shell);
  const router = await run.listener.accept();
  const hello = await router.welcome();
  return { ...run, router, hello };
}

export async function refuse(router: ScriptedPeer, type: 16 | 32 | 48 | 64, uri = 'com.example.error') {
  const request = (await router.next()) as Call;
  router.send(new ErrorMessage(type, request.request, {}, uri, Payload.of(['why'], { id: 7 })));
  await router.goodbye();
}

/** A message as plain values, for comparison. */
export function shown(message: unknown): unknown {
  const { payload, ...header } = message as { payload: Payload };
  return { ...header, args: payload.args(), kwargs: payload.kwargs() };
}

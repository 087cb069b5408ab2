import type { Message } from '@wampkit/protocol';

/** Where the client writes what it does; `console` is one. */
export interface Logger {
  debug(message: string, fields?: unknown): void;
  info(message: string, fields?: unknown): void;
  warn(message: string, fields?: unknown): void;
  error(message: string, fields?: unknown): void;
}

/** Which way a message went, seen from the client. */
export type Direction = 'in' | 'out';

/** Ways to look on. None is set by default: the client writes to no console. */
export interface HookOptions {
  /** Told of the session's life and of errors that reach nobody else. */
  readonly logger?: Logger;
  /**
   * Sees every message, payloads as the application has them: not packed, not encrypted. AUTHENTICATE carries secrets; payloads are valid during the call only, `retain()` keeps one.
   */
  readonly tap?: (message: Message, direction: Direction) => void;
  /**
   * Told of errors that no promise carries: thrown by an event handler, by a procedure (other than with an error URI),
   * an event whose payload cannot be read (`ConnectOptions.payloads`), or met when a subscription or registration is restored after a reconnect.
   *
   * @param context what the error came from, such as `event handler of "com.example.topic"`
   */
  readonly onError?: (error: unknown, context: string) => void;
}

/** The hooks as the client calls them: always there, never throwing. */
export class Hooks {
  readonly #options: HookOptions;

  constructor(options: HookOptions) {
    this.#options = options;
  }

  log(level: keyof Logger, message: string, fields?: unknown): void {
    guard(() => this.#options.logger?.[level](message, fields));
  }

  tap(message: Message, direction: Direction): void {
    if (this.#options.tap !== undefined) guard(() => this.#options.tap?.(message, direction));
  }

  report(error: unknown, context: string): void {
    this.log('error', `error in ${context}`, error);
    guard(() => this.#options.onError?.(error, context));
  }
}

function guard(fn: () => void): void {
  try {
    fn();
  } catch {
    // A hook that throws has nobody left to tell.
  }
}

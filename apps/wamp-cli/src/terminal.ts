/** One stream that a verb writes to. */
export interface Output {
  readonly isTty: boolean;
  /** Width of the terminal in columns; 80 when it is none. */
  readonly columns: number;
  write(data: string | Uint8Array): void;
}

/** Why a verb has to end early: a signal, or nobody reads its output any more. */
export interface Stop {
  readonly exitCode: number;
}

/** The shell around wamp-cli; tests bring their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Data. */
  readonly stdout: Output;
  /** Talk. */
  readonly stderr: Output;
  /** To be taken once, by who reads it. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Aborted with a `Stop` as its reason by SIGINT, SIGTERM, SIGHUP, or a closed stdout. */
  readonly stop: AbortSignal;
  /** Asks at the keyboard for a secret, without echo. Rejects with UsageError where there is no terminal. */
  promptSecret(question: string): Promise<string>;
}

import {
  CanceledError,
  ConnectError,
  ConnectionLostError,
  JoinError,
  ProtocolError,
  RequestError,
  TimeoutError,
} from '@wampkit/protocol';
import { ExitCode } from './exit-codes.js';
import { UnmetError } from './unmet-error.js';
import { UsageError } from './usage-error.js';

/* In the order in which they are asked: the first that an error is an instance of decides. */
const table: readonly [new (...args: never[]) => Error, number][] = [
  [UsageError, ExitCode.Usage],
  [ConnectError, ExitCode.Connect],
  [JoinError, ExitCode.Join],
  [RequestError, ExitCode.WampError],
  [TimeoutError, ExitCode.Timeout],
  [CanceledError, ExitCode.Canceled],
  [ConnectionLostError, ExitCode.ConnectionLost],
  [ProtocolError, ExitCode.ConnectionLost],
  [UnmetError, ExitCode.Unmet],
];

/** The exit code for an error that ended a verb; what is in no table is a defect, and exits with 70. */
export function exitCodeOf(error: unknown): number {
  return table.find(([type]) => error instanceof type)?.[1] ?? ExitCode.Defect;
}

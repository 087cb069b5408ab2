import { UsageError } from './usage-error.js';

/** The error of a file that somebody named and that cannot be read; `place` is the option that names it. */
export function unreadableFile(name: string, place: string, error: unknown): UsageError {
  return new UsageError(
    `${place}: cannot read ${JSON.stringify(name)}: ${reasonOf(error as NodeJS.ErrnoException)}`,
  );
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EISDIR') return 'it is a folder';
  return message;
}

import { type KnownUser, StaticUsers } from '@wampkit/router';
import type { Env } from '../config/expand-env.js';
import { readUsersFile } from '../config/users-file.js';
import type { MethodWithUsers, UsersOf } from '../config/users-schemas.js';
import type { Log } from '../log.js';
import type { WatchedFiles } from '../watched-files.js';

/** What the users of a method are made of. */
export interface ReloadedUsersOptions<Method extends MethodWithUsers> {
  readonly method: Method;
  readonly realm: string;
  /** Those of the config, which stay. */
  readonly users: UsersOf<Method>;
  readonly file: string;
  /** The roles that the realm defines. */
  readonly roles: readonly string[];
  readonly env: Env;
  readonly files: WatchedFiles;
  readonly log: Log | null;
  /** Called with the authids that are no more, or are not what they were. */
  readonly changed: (authids: readonly string[]) => void;
}

type UsersByAuthid = Readonly<Record<string, unknown>>;

/**
 * Users of the config and of a file, which is read again when it changes. What cannot be used is logged, and the users
 * stay as they were. Sessions that are open go on; who is gone cannot join any more.
 */
export function openReloadedUsers<Method extends MethodWithUsers>(
  options: ReloadedUsersOptions<Method>,
): StaticUsers<UsersOf<Method>[string] & KnownUser> {
  const { users, file, realm, method, log } = options;
  type User = UsersOf<Method>[string] & KnownUser;
  let current: UsersByAuthid = merge(users, readFile(options));
  const source = new StaticUsers<User>(current as Readonly<Record<string, User>>);
  options.files.add(file, () => {
    const read = readFile(options);
    if (read === null) return;
    const next = merge(users, read);
    source.replace(next as Readonly<Record<string, User>>);
    const changed = Object.keys(current).filter((authid) => !isSame(current[authid], next[authid]));
    current = next;
    log?.info(
      { realm, method, file, users: Object.keys(next).length, changed: changed.length },
      'users read again',
    );
    options.changed(changed);
  });
  return source;
}

/* `null`: not usable, and logged. */
function readFile<Method extends MethodWithUsers>(
  options: ReloadedUsersOptions<Method>,
): UsersByAuthid | null {
  const { file, realm, method, log } = options;
  const read = readUsersFile(file, options);
  if ('users' in read) return read.users;
  log?.error(
    { realm, method, file, faults: read.faults },
    'users cannot be read again; they stay as they were',
  );
  return null;
}

/* The config's own come first: a file cannot take a name that stands there. */
function merge(users: UsersByAuthid, read: UsersByAuthid | null): UsersByAuthid {
  return { ...read, ...users };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

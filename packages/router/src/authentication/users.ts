import { ProcedureUsers, type ReadUser } from './procedure-users.js';
import { StaticUsers } from './static-users.js';
import type { KnownUser, UserSource } from './user-source.js';

/** Users of a method: by authid, by a procedure (`usersByProcedure`), or from a source of one's own. */
export type Users<User extends KnownUser> =
  | Readonly<Record<string, User>>
  | UserSource<User>
  | ProcedureUsers;

/** Makes one source of whatever form users were given in; `read` takes a procedure's answer for a user of the method. */
export function openUsers<User extends KnownUser>(
  users: Users<User>,
  read: ReadUser<User>,
): UserSource<User> {
  if (users instanceof ProcedureUsers) return users.open(read);
  return isSource(users) ? users : new StaticUsers(users);
}

function isSource<User extends KnownUser>(
  users: Readonly<Record<string, User>> | UserSource<User>,
): users is UserSource<User> {
  return typeof users.find === 'function';
}

import type { KnownUser, UserRequest, UserSource } from './user-source.js';

/** Users by authid, in a list that can be replaced. */
export class StaticUsers<User extends KnownUser> implements UserSource<User> {
  readonly authprovider = 'static';
  readonly judges = false;
  readonly #seed = crypto.getRandomValues(new Uint32Array(1))[0] as number;
  #users!: ReadonlyMap<string, User>;
  #all!: readonly User[];
  #index: ReadonlyMap<string, string> | null = null;

  constructor(users: Readonly<Record<string, User>>) {
    this.replace(users);
  }

  /** Puts others in their place, for who joins from now on. */
  replace(users: Readonly<Record<string, User>>): void {
    this.#users = new Map(Object.entries(users));
    this.#all = [...this.#users.values()];
    this.#index = null;
  }

  find({ authid }: Pick<UserRequest, 'authid'>): User | undefined {
    return authid === undefined ? undefined : this.#users.get(authid);
  }

  /**
   * The authid of the first user who holds something that identifies it: a key, a fingerprint.
   *
   * @param keysOf what a user holds; always the same function
   */
  authidOf(key: string, keysOf: (user: User) => readonly string[]): string | undefined {
    this.#index ??= indexUsers(this.#users, keysOf);
    return this.#index.get(key);
  }

  decoy(authid: string): User | undefined {
    let hash = this.#seed;
    for (let index = 0; index < authid.length; index++)
      hash = Math.imul(hash ^ authid.charCodeAt(index), 0x01000193);
    return this.#all[(hash >>> 0) % Math.max(1, this.#all.length)];
  }
}

function indexUsers<User>(
  users: ReadonlyMap<string, User>,
  keysOf: (user: User) => readonly string[],
): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  for (const [authid, user] of users)
    for (const key of keysOf(user)) if (!index.has(key)) index.set(key, authid);
  return index;
}

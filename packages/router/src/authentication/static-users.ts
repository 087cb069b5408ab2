import type { KnownUser, UserRequest, UserSource } from './user-source.js';

/** Users by authid. */
export class StaticUsers<User extends KnownUser> implements UserSource<User> {
  readonly authprovider = 'static';
  readonly judges = false;
  readonly #salt = crypto.getRandomValues(new Uint32Array(1))[0] as number;
  #users: ReadonlyMap<string, User>;
  #all: readonly User[];

  constructor(users: Readonly<Record<string, User>>) {
    this.#users = new Map(Object.entries(users));
    this.#all = [...this.#users.values()];
  }

  /** Puts others in their place, for who joins from now on. */
  replace(users: Readonly<Record<string, User>>): void {
    this.#users = new Map(Object.entries(users));
    this.#all = [...this.#users.values()];
  }

  find({ authid }: Pick<UserRequest, 'authid'>): User | undefined {
    return authid === undefined ? undefined : this.#users.get(authid);
  }

  decoy(authid: string): User | undefined {
    let hash = this.#salt;
    for (let index = 0; index < authid.length; index++)
      hash = Math.imul(hash ^ authid.charCodeAt(index), 0x01000193);
    return this.#all[(hash >>> 0) % Math.max(1, this.#all.length)];
  }

  /** All of them. */
  entries(): IterableIterator<[string, User]> {
    return this.#users.entries();
  }
}

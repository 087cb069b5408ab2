import type { Message } from '@wampkit/protocol';
import type { RealmOptions, RoleOptions } from '@wampkit/router';

/** What becomes of a message on its way. */
export type Tamper = (message: Message) => readonly Message[];

/** A router that does one thing wrong: what it does to messages on their way, and which requirements then fail. */
export interface Sickness {
  readonly name: string;
  /** On what the router sends. Made anew for each connection. */
  readonly sends?: () => Tamper;
  /** On what the router receives. */
  readonly receives?: () => Tamper;
  /** The role of everybody; absent: an open realm. */
  readonly role?: RoleOptions;
  /** The realm that is asked, which knows the credentials of the checks; absent: an open one. */
  readonly realm?: RealmOptions;
  readonly fails: readonly string[];
}

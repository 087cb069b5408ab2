import type { Dict } from '@wampkit/protocol';
import {
  DEFINITION_SIZE_PER_REALM,
  DEFINITION_SIZE_PER_SESSION,
  DEFINITIONS_PER_REALM,
  DEFINITIONS_PER_SESSION,
} from '../limits.js';
import type { Session } from '../session/session.js';

/** What a URI can be defined as (REFL-01). */
export type DefinedKind = 'procedure' | 'topic' | 'error';

/** What a session says of a URI. */
export interface Definition {
  readonly kind: DefinedKind;
  readonly uri: string;
  /** As it was given; the router looks into none of it. */
  readonly schema: Dict;
  /** In bytes, about. */
  readonly size: number;
}

/** What describes a URI of one kind, before and after; `null`: nothing. */
export interface DefinitionChange {
  readonly former: Definition | null;
  readonly current: Definition | null;
}

/** What one session holds. */
interface Holding {
  readonly definitions: Set<Definition>;
  size: number;
}

type ByUri = Map<string, Map<Session, Definition>>;

/**
 * What the sessions of a realm have defined for reflection (REFL-01). A session has one definition of a URI as each
 * kind, and takes it along when it ends. Where several define the same, as the callees of a shared registration may, the
 * oldest counts.
 */
export class Definitions {
  readonly #byKind: Readonly<Record<DefinedKind, ByUri>> = {
    procedure: new Map(),
    topic: new Map(),
    error: new Map(),
  };
  readonly #held = new Map<Session, Holding>();
  #count = 0;
  #size = 0;

  /** Adds definitions, or replaces those of the same session. @returns `null`, and adds none, when a bound is reached */
  define(session: Session, definitions: readonly Definition[]): readonly DefinitionChange[] | null {
    return this.#fits(session, definitions) ? definitions.map((each) => this.#add(session, each)) : null;
  }

  /** Takes back what a session defined a URI as. @returns `null` when it did not */
  undefine(session: Session, kind: DefinedKind, uri: string): DefinitionChange | null {
    const byUri = this.#byKind[kind];
    const sessions = byUri.get(uri);
    const definition = sessions?.get(session);
    if (sessions === undefined || definition === undefined) return null;
    const former = this.get(kind, uri);
    sessions.delete(session);
    if (sessions.size === 0) byUri.delete(uri);
    this.#forget(session, definition);
    return { former, current: this.get(kind, uri) };
  }

  /** Takes back all that a session defined. */
  leave(session: Session): readonly DefinitionChange[] {
    const held = this.#held.get(session);
    if (held === undefined) return none;
    const changes = [...held.definitions].map(({ kind, uri }) => this.undefine(session, kind, uri));
    return changes.filter((change) => change !== null);
  }

  /** What describes a URI as that kind; `null`: nothing. */
  get(kind: DefinedKind, uri: string): Definition | null {
    for (const definition of this.#byKind[kind].get(uri)?.values() ?? none) return definition;
    return null;
  }

  /** The URIs that are defined as that kind. */
  uris(kind: DefinedKind): Iterable<string> {
    return this.#byKind[kind].keys();
  }

  #fits(session: Session, definitions: readonly Definition[]): boolean {
    const held = this.#held.get(session);
    let count = 0;
    let bytes = 0;
    for (const { kind, uri, size } of definitions) {
      const replaced = this.#byKind[kind].get(uri)?.get(session);
      if (replaced === undefined) count += 1;
      bytes += size - (replaced?.size ?? 0);
    }
    return (
      (held?.definitions.size ?? 0) + count <= DEFINITIONS_PER_SESSION &&
      (held?.size ?? 0) + bytes <= DEFINITION_SIZE_PER_SESSION &&
      this.#count + count <= DEFINITIONS_PER_REALM &&
      this.#size + bytes <= DEFINITION_SIZE_PER_REALM
    );
  }

  #add(session: Session, definition: Definition): DefinitionChange {
    const { kind, uri } = definition;
    const byUri = this.#byKind[kind];
    const sessions = byUri.get(uri) ?? new Map<Session, Definition>();
    const replaced = sessions.get(session);
    const former = this.get(kind, uri);
    if (replaced !== undefined) this.#forget(session, replaced);
    sessions.set(session, definition);
    byUri.set(uri, sessions);
    this.#note(session, definition);
    return { former, current: this.get(kind, uri) };
  }

  #note(session: Session, definition: Definition): void {
    const held = this.#held.get(session) ?? { definitions: new Set(), size: 0 };
    held.definitions.add(definition);
    held.size += definition.size;
    this.#held.set(session, held);
    this.#count += 1;
    this.#size += definition.size;
  }

  #forget(session: Session, definition: Definition): void {
    const held = this.#held.get(session);
    if (held?.definitions.delete(definition) !== true) return;
    held.size -= definition.size;
    if (held.definitions.size === 0) this.#held.delete(session);
    this.#count -= 1;
    this.#size -= definition.size;
  }
}

const none: readonly never[] = [];

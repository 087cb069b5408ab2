import type { DefinedKind } from '@wampkit/client/meta';

/** What a URI can be defined as, for `--kind` (REFL-01). */
export const definedKinds: readonly DefinedKind[] = ['procedure', 'topic', 'error'];

import type { MatchPolicy } from '@wampkit/protocol';
import type { Session } from '../session/session.js';

/** A (procedure, match) and the session that serves it. */
export class Registration {
  readonly id: number;
  readonly procedure: string;
  readonly match: MatchPolicy;
  readonly callee: Session;
  /** Whether the callee is told who calls, whatever the caller asked for (CID-04). */
  readonly discloseCaller: boolean;

  constructor(
    id: number,
    procedure: string,
    options: { readonly match: MatchPolicy; readonly callee: Session; readonly discloseCaller: boolean },
  ) {
    this.id = id;
    this.procedure = procedure;
    this.match = options.match;
    this.callee = options.callee;
    this.discloseCaller = options.discloseCaller;
  }
}

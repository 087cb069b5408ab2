import type { MatchPolicy } from '@wampkit/protocol';

/** How a call chooses among the callees of a registration (SHR-01); `single` has one callee only. */
export type InvocationPolicy = 'single' | 'first' | 'last' | 'roundrobin' | 'random';

/** A session's part in a registration. */
export class Callee<Session> {
  readonly session: Session;
  readonly registration: Registration<Session>;
  /** Whether it is told who calls, whatever the caller asked for (CID-04). */
  readonly discloseCaller: boolean;
  /** Whether it runs the timer of a call itself, if it can (TMO-04). */
  readonly forwardTimeout: boolean;
  /** How many calls it takes at a time; 0: any number. */
  readonly concurrency: number;
  /** How many calls it serves now; counted only where `concurrency` bounds them. */
  active = 0;

  constructor(session: Session, registration: Registration<Session>, options: CalleeOptions) {
    this.session = session;
    this.registration = registration;
    this.discloseCaller = options.discloseCaller;
    this.forwardTimeout = options.forwardTimeout;
    this.concurrency = options.concurrency;
  }

  /** Whether it takes another call now. */
  get isFree(): boolean {
    return this.concurrency === 0 || this.active < this.concurrency;
  }
}

/** What a callee asked for with REGISTER. */
export interface CalleeOptions {
  readonly discloseCaller: boolean;
  readonly forwardTimeout: boolean;
  readonly concurrency: number;
}

/** A (procedure, match) and the sessions that serve it, in the order in which they came (SHR-02). */
export class Registration<Session> {
  readonly id: number;
  readonly procedure: string;
  readonly match: MatchPolicy;
  /** Fixed by the first callee (SHR-02). */
  readonly invoke: InvocationPolicy;
  /** When it was made, in milliseconds since the epoch. */
  readonly created: number;
  /** Oldest first, never empty while it can be found. */
  readonly callees: Callee<Session>[] = [];
  /** Bytes of payloads that the dealer keeps for calls of it. */
  keptBytes = 0;
  /** Where round robin goes on. */
  #turn = 0;

  constructor(
    id: number,
    procedure: string,
    options: {
      readonly match: MatchPolicy;
      readonly invoke: InvocationPolicy;
      readonly created: number;
    },
  ) {
    this.id = id;
    this.procedure = procedure;
    this.match = options.match;
    this.invoke = options.invoke;
    this.created = options.created;
  }

  add(callee: Callee<Session>): void {
    this.callees.push(callee);
  }

  remove(callee: Callee<Session>): void {
    const index = this.callees.indexOf(callee);
    if (index < 0) return;
    this.callees.splice(index, 1);
    // SHR-03: whoever was next stays next
    if (index < this.#turn) this.#turn--;
    if (this.#turn >= this.callees.length) this.#turn = 0;
  }

  /**
   * The callee that the policy gives a call to (SHR-03); `null` when the call must wait, for those that it could go to
   * take no more calls at the moment, and when there is none left.
   *
   * `roundrobin` and `random` choose among those that are free; `first` and `last` never move on to another because
   * the one they name is busy.
   *
   * @param tried callees that count as if they did not exist (RER-02)
   */
  pick(tried: ReadonlySet<Callee<Session>> | null = null): Callee<Session> | null {
    const { callees } = this;
    if (callees.length === 1 && tried === null) return whenFree(callees[0]);
    if (this.invoke === 'roundrobin') return this.#pickNext(tried);
    if (this.invoke === 'random') return this.#pickAny(tried);
    const counts = (callee: Callee<Session>) => tried === null || !tried.has(callee);
    return whenFree(this.invoke === 'last' ? callees.findLast(counts) : callees.find(counts));
  }

  /** Whether some callee is not among `tried`. */
  hasOtherThan(tried: ReadonlySet<Callee<Session>>): boolean {
    return this.callees.some((callee) => !tried.has(callee));
  }

  #pickNext(tried: ReadonlySet<Callee<Session>> | null): Callee<Session> | null {
    const { callees } = this;
    for (let step = 0; step < callees.length; step++) {
      const index = (this.#turn + step) % callees.length;
      const callee = callees[index] as Callee<Session>;
      if (!callee.isFree || tried?.has(callee)) continue;
      this.#turn = (index + 1) % callees.length;
      return callee;
    }
    return null;
  }

  #pickAny(tried: ReadonlySet<Callee<Session>> | null): Callee<Session> | null {
    const picked = this.callees[Math.floor(Math.random() * this.callees.length)];
    if (picked?.isFree && tried === null) return picked;
    const able = this.callees.filter((callee) => callee.isFree && !tried?.has(callee));
    return able[Math.floor(Math.random() * able.length)] ?? null;
  }
}

function whenFree<Session>(callee: Callee<Session> | undefined): Callee<Session> | null {
  return callee?.isFree ? callee : null;
}

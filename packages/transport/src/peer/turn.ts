/** Who takes part in the end of a turn of the event loop. */
export interface TurnMember {
  /** Writes what was queued in this turn. */
  endTurn(): void;
  /** Goes on reading: a new turn has begun. */
  readOn(): void;
}

/**
 * The end of a turn: peers that queued something write it, in the order in which they began to (one write a peer
 * and turn), and peers that used up what is read of one in a turn read on. Shared by all peers of a listener.
 */
export class Turn {
  /** Counts turns in which something was read or queued. */
  number = 0;
  #dirty: TurnMember[] = [];
  #held: TurnMember[] = [];
  #begun = false;
  readonly #afterFlush: () => void;
  readonly #end = (): void => this.#finish();

  /** @param afterFlush called when all queued bytes have been handed to their sockets */
  constructor(afterFlush: () => void) {
    this.#afterFlush = afterFlush;
  }

  /** Makes sure that this turn ends: by setImmediate, after all input that is ready has been handled. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    setImmediate(this.#end);
  }

  /** `member` has something to write. */
  addDirty(member: TurnMember): void {
    this.#dirty.push(member);
    this.begin();
  }

  /** `member` has read its share of this turn. */
  addHeld(member: TurnMember): void {
    this.#held.push(member);
    this.begin();
  }

  #finish(): void {
    this.#begun = false;
    this.number++;
    const dirty = this.#dirty;
    const held = this.#held;
    if (dirty.length > 0) {
      this.#dirty = [];
      for (const member of dirty) member.endTurn();
    }
    this.#afterFlush();
    if (held.length > 0) {
      this.#held = [];
      for (const member of held) member.readOn();
    }
  }
}

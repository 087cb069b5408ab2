import type { Clock, Timer } from '@wampkit/protocol';

const SLOTS = 64;
/** What a slot of each level spans, in ticks of one millisecond: level 4 reaches 12 days, what is due later is looked at again then. */
const spans: readonly number[] = [1, 64, 64 ** 2, 64 ** 3, 64 ** 4];
const HORIZON = 64 ** 5 - 1;

/** Something that falls due; held by one wheel at a time. */
export class WheelEntry {
  /** When, in ticks of its wheel. */
  due = 0;
  /** Links within a slot; `null` while it is in none. */
  slot: Slot | null = null;
  previous: WheelEntry | null = null;
  next: WheelEntry | null = null;
}

class Slot {
  head: WheelEntry | null = null;
}

/**
 * Many deadlines over one timer of the clock: a hierarchical timing wheel. Adding, moving and removing cost the same
 * whatever is pending; an entry is due at the millisecond asked for, never before.
 *
 * The timer is left to run when the entry it was set for goes: deadlines are mostly not reached, and a timer that is
 * set anew for each would cost more than one that fires in vain.
 */
export class TimingWheel<Entry extends WheelEntry> {
  readonly #clock: Clock;
  readonly #onDue: (entry: Entry) => void;
  readonly #levels: readonly Slot[][] = spans.map(() => Array.from({ length: SLOTS }, () => new Slot()));
  /** The tick up to which everything that was due has been told. */
  #time = 0;
  #size = 0;
  #timer: Timer | null = null;
  /** The tick that the timer is set for. */
  #wake = Number.POSITIVE_INFINITY;

  /** @param onDue told of each entry once, when it is due; it may change the wheel */
  constructor(clock: Clock, onDue: (entry: Entry) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** How many entries wait. */
  get size(): number {
    return this.#size;
  }

  /** Lets an entry fall due `ms` milliseconds from now; one that waits already is moved. */
  add(entry: Entry, ms: number): void {
    if (entry.slot !== null) this.remove(entry);
    const now = this.#clock.monotonic();
    if (this.#size === 0) this.#time = Math.max(this.#time, Math.floor(now));
    entry.due = Math.max(Math.ceil(now + ms), this.#time + 1);
    this.#size++;
    this.#wakeAt(this.#place(entry));
  }

  /** Takes an entry out; nothing for one that does not wait. */
  remove(entry: Entry): void {
    if (entry.slot === null) return;
    unlink(entry);
    this.#size--;
  }

  /** Whether an entry is due by now, told of or not yet. */
  isDue(entry: Entry): boolean {
    return entry.due <= this.#clock.monotonic();
  }

  /** How long until an entry that waits is due, in milliseconds, at least 1. */
  remaining(entry: Entry): number {
    return Math.max(1, Math.ceil(entry.due - this.#clock.monotonic()));
  }

  /** Forgets the timer; for the end of the wheel's life. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#wake = Number.POSITIVE_INFINITY;
  }

  /* Gives the tick at which the wheel must look at the entry again. */
  #place(entry: WheelEntry): number {
    const tick = Math.min(entry.due, this.#time + HORIZON);
    let level = 0;
    while (tick - this.#time >= (spans[level] as number) * SLOTS) level++;
    const span = spans[level] as number;
    const position = Math.floor(tick / span);
    link(entry, this.#slot(level, position));
    return position * span;
  }

  #slot(level: number, position: number): Slot {
    return (this.#levels[level] as Slot[])[position % SLOTS] as Slot;
  }

  #wakeAt(tick: number): void {
    if (tick >= this.#wake) return;
    this.#timer?.cancel();
    this.#wake = tick;
    this.#timer = this.#clock.setTimer(Math.max(0, tick - this.#clock.monotonic()), () => this.#fire());
  }

  #fire(): void {
    this.#wake = Number.POSITIVE_INFINITY;
    this.#timer = null;
    const now = Math.floor(this.#clock.monotonic());
    for (let tick = this.#nextTick(); tick <= now; tick = this.#nextTick()) this.#turnTo(tick);
    this.#time = Math.max(this.#time, now);
    if (this.#size > 0) this.#wakeAt(this.#nextTick());
  }

  /* What a coarse slot holds moves to finer ones when its time begins. */
  #turnTo(tick: number): void {
    this.#time = tick;
    for (let level = spans.length - 1; level > 0; level--) {
      const span = spans[level] as number;
      if (tick % span === 0) this.#spread(this.#slot(level, tick / span));
    }
    const { head } = this.#slot(0, tick);
    if (head !== null) this.#tell(head.slot as Slot);
  }

  #spread(slot: Slot): void {
    let entry = slot.head;
    slot.head = null;
    while (entry !== null) {
      const { next } = entry;
      this.#place(entry);
      entry = next;
    }
  }

  #tell(slot: Slot): void {
    for (let entry = slot.head; entry !== null; entry = slot.head) {
      unlink(entry);
      this.#size--;
      this.#onDue(entry as Entry);
    }
  }

  /* The first tick after `#time` whose slot holds something. */
  #nextTick(): number {
    let first = Number.POSITIVE_INFINITY;
    for (let level = 0; level < spans.length; level++) {
      const span = spans[level] as number;
      const position = Math.floor(this.#time / span);
      for (let ahead = 1; ahead <= SLOTS && (position + ahead) * span < first; ahead++)
        if (this.#slot(level, position + ahead).head !== null) first = (position + ahead) * span;
    }
    return first;
  }
}

function link(entry: WheelEntry, slot: Slot): void {
  // at the head is enough: entries of one tick have no order among themselves
  entry.slot = slot;
  entry.previous = null;
  entry.next = slot.head;
  if (slot.head !== null) slot.head.previous = entry;
  slot.head = entry;
}

function unlink(entry: WheelEntry): void {
  if (entry.previous !== null) entry.previous.next = entry.next;
  else if (entry.slot !== null) entry.slot.head = entry.next;
  if (entry.next !== null) entry.next.previous = entry.previous;
  entry.slot = null;
  entry.previous = null;
  entry.next = null;
}

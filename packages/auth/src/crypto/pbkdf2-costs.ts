/** How much work a PBKDF2 is, and how much it gives. */
export interface Pbkdf2Costs {
  readonly iterations: number;
  /** Octets of the derived key. */
  readonly length: number;
}

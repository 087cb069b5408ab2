/** The client roles of WAMP. */
export type ClientRole = 'publisher' | 'subscriber' | 'caller' | 'callee';
/** The router roles of WAMP. */
export type RouterRole = 'broker' | 'dealer';
/** Announced features of a role, `HELLO|WELCOME.Details.roles.<role>.features`. */
export type Features = Readonly<Record<string, boolean>>;
/** `Details.roles` as announced. */
export type Roles<R extends string> = Readonly<Partial<Record<R, { readonly features?: Features }>>>;

/** Whether a role announced a feature; the odd spellings of the spec's own text count too (A7). */
export function hasFeature(roles: Readonly<Record<string, unknown>>, role: string, feature: string): boolean {
  const features = (roles[role] as { features?: Features } | undefined)?.features;
  if (features === undefined) return false;
  return features[feature] === true || (feature === 'call_canceling' && features.call_cancelling === true);
}

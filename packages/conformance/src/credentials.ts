/** Who may join, by which method: what the checks of authentication prove themselves with. */
export interface Credentials {
  readonly ticket?: { readonly authid: string; readonly ticket: string };
  /** The secret before salting. */
  readonly wampcra?: { readonly authid: string; readonly secret: string };
  readonly 'wamp-scram'?: { readonly authid: string; readonly password: string };
  /** An Ed25519 seed, 64 hex digits; `routerKey`: the router's public key, where it proves itself. */
  readonly cryptosign?: {
    readonly authid?: string;
    readonly privateKey: string;
    readonly routerKey?: string;
  };
}

import type { Dict, MatchPolicy } from '@wampkit/protocol';
import type { CalleeOptions, InvocationPolicy } from './registration.js';

/** REGISTER.Options, checked before. */
export class RegisterOptions implements CalleeOptions {
  readonly match: MatchPolicy;
  readonly invoke: InvocationPolicy;
  readonly discloseCaller: boolean;
  readonly forwardTimeout: boolean;
  readonly concurrency: number;
  /** Whether the registration is taken from whoever has it. */
  readonly forceReregister: boolean;

  constructor(options: Dict) {
    this.match = (options.match ?? 'exact') as MatchPolicy;
    this.invoke = (options.invoke ?? 'single') as InvocationPolicy;
    this.discloseCaller = options.disclose_caller === true;
    this.forwardTimeout = options.forward_timeout === true;
    this.concurrency = (options.concurrency ?? 0) as number;
    this.forceReregister = options.force_reregister === true;
  }
}

import type { Problem } from './problem.js';
import type { RouterConfig } from './schema.js';

/** Methods that nobody can ever join by, for want of a listener that tells what they look at. */
export function findUselessMethods({ listeners, realms }: RouterConfig): Problem[] {
  return realms.flatMap(({ name, template, authentication = [] }, realm) => {
    const here = listeners.filter(
      (one) => one.realms.length === 0 || one.realms.includes(name ?? template ?? ''),
    );
    return authentication.flatMap(({ method }, index): Problem[] => {
      if (method !== 'tls' && method !== 'cookie') return [];
      const isServed = here.some(
        (one) =>
          one[method] !== undefined && (one.authmethods.length === 0 || one.authmethods.includes(method)),
      );
      if (isServed) return [];
      const path = ['realms', realm, 'authentication', index, 'method'];
      return [{ path, message: `nobody can join by ${method}: no listener of this realm has ${method}` }];
    });
  });
}

import type { Problem } from './problem.js';
import type { RouterConfig } from './schema.js';

/** Templates without `*`: they fit one name alone, where many were probably meant. */
export function findStarlessTemplates({ realms }: RouterConfig): Problem[] {
  return realms.flatMap(({ template }, realm): Problem[] => {
    if (template === undefined || template.includes('*')) return [];
    const message = `has no *, so it makes one realm alone; did you mean ${template}*? One realm has a name, not a template`;
    return [{ path: ['realms', realm, 'template'], message }];
  });
}

/* A tree by components, `''` being the component that stands for any one. A lookup follows at most two branches a
   component and keeps no recursion, so that no URI, however many components it has, can exhaust the stack. */

class WildcardNode<E> {
  entry: E | undefined = undefined;
  children: Map<string, WildcardNode<E>> | undefined = undefined;
}

/** Entries by wildcard pattern: as many components as the URI has, empty ones match any whole component (PREG-03). */
export class WildcardTree<E> {
  readonly #root = new WildcardNode<E>();

  get(pattern: string): E | undefined {
    let node: WildcardNode<E> | undefined = this.#root;
    for (const part of pattern.split('.')) {
      node = node.children?.get(part);
      if (node === undefined) return undefined;
    }
    return node.entry;
  }

  set(pattern: string, entry: E): void {
    let node = this.#root;
    for (const part of pattern.split('.')) {
      node.children ??= new Map();
      let child = node.children.get(part);
      if (child === undefined) {
        child = new WildcardNode<E>();
        node.children.set(part, child);
      }
      node = child;
    }
    node.entry = entry;
  }

  delete(pattern: string): boolean {
    const parts = pattern.split('.');
    const path = [this.#root];
    for (const part of parts) {
      const child = path.at(-1)!.children?.get(part);
      if (child === undefined) return false;
      path.push(child);
    }
    if (path.at(-1)!.entry === undefined) return false;
    path.at(-1)!.entry = undefined;
    prune(path, parts);
    return true;
  }

  /** The first match by precedence: left to right a concrete component beats a wildcard (PREG-05). */
  first(uri: string): E | undefined {
    let found: E | undefined;
    this.#walk(uri, (entry) => {
      found = entry;
      return false;
    });
    return found;
  }

  /** Every match, by precedence. */
  all(uri: string): E[] {
    const found: E[] = [];
    this.#walk(uri, (entry) => found.push(entry) > 0);
    return found;
  }

  /* Depth first, the concrete branch before the wildcard; the stack holds what is still to be tried. */
  #walk(uri: string, visit: (entry: E) => boolean): void {
    const nodes = [this.#root];
    const starts = [0];
    while (nodes.length > 0) {
      const { children } = nodes.pop()!;
      const start = starts.pop()!;
      const end = uri.indexOf('.', start);
      const part = end < 0 ? uri.slice(start) : uri.slice(start, end);
      const concrete = part === '' ? undefined : children?.get(part);
      const wildcard = children?.get('');
      if (end < 0) {
        if (concrete?.entry !== undefined && !visit(concrete.entry)) return;
        if (wildcard?.entry !== undefined && !visit(wildcard.entry)) return;
        continue;
      }
      if (wildcard !== undefined) {
        nodes.push(wildcard);
        starts.push(end + 1);
      }
      if (concrete !== undefined) {
        nodes.push(concrete);
        starts.push(end + 1);
      }
    }
  }
}

/* Removes the nodes at the end of a path that hold nothing any more. */
function prune<E>(path: readonly WildcardNode<E>[], parts: readonly string[]): void {
  for (let depth = parts.length; depth > 0; depth--) {
    const node = path[depth]!;
    if (node.entry !== undefined || (node.children?.size ?? 0) > 0) return;
    path[depth - 1]!.children!.delete(parts[depth - 1]!);
  }
}

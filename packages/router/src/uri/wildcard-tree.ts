/* A radix tree by components, `''` being the component that stands for any one. A node holds all components up to the
   next fork, so that a pattern costs what its text costs, however many components it has. A lookup follows at most two
   branches a component and keeps its own stack, so that no URI can exhaust the engine's. */

const DOT = 0x2e;

class WildcardNode<E> {
  /** One or more components, with dots between them. */
  label: string;
  entry: E | undefined = undefined;
  /** By the first component of their labels. */
  children: Map<string, WildcardNode<E>> = new Map();

  constructor(label: string) {
    this.label = label;
  }
}

/** Entries by wildcard pattern: as many components as the URI has, empty ones match any whole component (PREG-03). */
export class WildcardTree<E> {
  /** Its label is never looked at. */
  readonly #root = new WildcardNode<E>('');

  get(pattern: string): E | undefined {
    return this.#path(pattern)?.at(-1)?.entry;
  }

  set(pattern: string, entry: E): void {
    let node = this.#root;
    let rest = pattern;
    for (;;) {
      const first = firstComponent(rest);
      let child = node.children.get(first);
      if (child === undefined) {
        const leaf = new WildcardNode<E>(rest);
        leaf.entry = entry;
        node.children.set(first, leaf);
        return;
      }
      const common = commonComponents(child.label, rest);
      if (common < child.label.length) child = split(node, child, common);
      if (common === rest.length) {
        child.entry = entry;
        return;
      }
      rest = rest.slice(common + 1);
      node = child;
    }
  }

  delete(pattern: string): boolean {
    const path = this.#path(pattern);
    const node = path?.at(-1);
    if (node?.entry === undefined) return false;
    node.entry = undefined;
    const parent = path!.at(-2)!;
    if (node.children.size === 0) parent.children.delete(firstComponent(node.label));
    else joinOnlyChild(node);
    if (parent !== this.#root) joinOnlyChild(parent);
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
      const { children, entry } = nodes.pop()!;
      const start = starts.pop()!;
      if (start > uri.length) {
        if (entry !== undefined && !visit(entry)) return;
        continue;
      }
      const part = uri.slice(start, componentEnd(uri, start));
      for (const first of part === '' ? [''] : ['', part]) {
        const child = children.get(first);
        const next = child === undefined ? -1 : matchLabel(child.label, uri, start);
        if (next < 0) continue;
        nodes.push(child!);
        starts.push(next);
      }
    }
  }

  /* The nodes from the root to the one of exactly this pattern. */
  #path(pattern: string): WildcardNode<E>[] | undefined {
    const path = [this.#root];
    let rest = pattern;
    for (;;) {
      const child = path.at(-1)!.children.get(firstComponent(rest));
      if (child === undefined || commonComponents(child.label, rest) < child.label.length) return undefined;
      path.push(child);
      if (rest.length === child.label.length) return path;
      rest = rest.slice(child.label.length + 1);
    }
  }
}

function componentEnd(text: string, start: number): number {
  const end = text.indexOf('.', start);
  return end < 0 ? text.length : end;
}

function firstComponent(text: string): string {
  return text.slice(0, componentEnd(text, 0));
}

/* The length of the text of the components that two texts begin with; the first components are equal. */
function commonComponents(a: string, b: string): number {
  let common = 0;
  for (let position = 0; ; position++) {
    const ofA = position === a.length ? DOT : a.charCodeAt(position);
    const ofB = position === b.length ? DOT : b.charCodeAt(position);
    if (ofA === DOT && ofB === DOT) common = position;
    if (ofA !== ofB || position === a.length || position === b.length) return common;
  }
}

/* Matches all components of a label against those of the URI from `start`. Gives where the next component begins, one
   beyond the URI's end after its last; -1 when they do not match. */
function matchLabel(label: string, uri: string, start: number): number {
  let from = 0;
  for (;;) {
    const to = componentEnd(label, from);
    const end = componentEnd(uri, start);
    const length = to - from;
    if (length > 0 && (end - start !== length || !uri.startsWith(label.slice(from, to), start))) return -1;
    if (to === label.length) return end + 1;
    if (end === uri.length) return -1;
    from = to + 1;
    start = end + 1;
  }
}

/* Puts a node between parent and child that takes over the first `length` units of the child's label. */
function split<E>(parent: WildcardNode<E>, child: WildcardNode<E>, length: number): WildcardNode<E> {
  const middle = new WildcardNode<E>(child.label.slice(0, length));
  parent.children.set(firstComponent(middle.label), middle);
  child.label = child.label.slice(length + 1);
  middle.children.set(firstComponent(child.label), child);
  return middle;
}

/* A node that holds nothing and has one child takes that child's place. */
function joinOnlyChild<E>(node: WildcardNode<E>): void {
  if (node.entry !== undefined || node.children.size !== 1) return;
  const child = node.children.values().next().value!;
  node.label = `${node.label}.${child.label}`;
  node.entry = child.entry;
  node.children = child.children;
}

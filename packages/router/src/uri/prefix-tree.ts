/* A radix tree over UTF-16 units: a lookup walks along the URI it is given, whatever else the tree holds. */

class PrefixNode<E> {
  label: string;
  entry: E | undefined = undefined;
  readonly children = new Map<number, PrefixNode<E>>();

  constructor(label: string) {
    this.label = label;
  }
}

/** Entries by string prefix: `a.b` matches `a.b`, `a.b.c` and `a.b-c` (PREG-02); the empty prefix matches all. */
export class PrefixTree<E> {
  readonly #root = new PrefixNode<E>('');

  get(prefix: string): E | undefined {
    return this.#path(prefix)?.at(-1)?.entry;
  }

  set(prefix: string, entry: E): void {
    let node = this.#root;
    let position = 0;
    while (position < prefix.length) {
      const child = node.children.get(prefix.charCodeAt(position));
      if (child === undefined) {
        const leaf = new PrefixNode<E>(prefix.slice(position));
        node.children.set(prefix.charCodeAt(position), leaf);
        node = leaf;
        break;
      }
      const common = commonLength(child.label, prefix, position);
      node = common === child.label.length ? child : split(node, child, common);
      position += common;
    }
    node.entry = entry;
  }

  delete(prefix: string): boolean {
    const path = this.#path(prefix);
    const node = path?.at(-1);
    if (node?.entry === undefined) return false;
    node.entry = undefined;
    const parent = path!.at(-2);
    if (parent === undefined) return true;
    if (node.children.size === 0) parent.children.delete(node.label.charCodeAt(0));
    else joinOnlyChild(node);
    if (parent !== this.#root) joinOnlyChild(parent);
    return true;
  }

  /** The longest prefix of `uri`: string prefixes of one URI are nested, so it has the most components too (PREG-04). */
  longest(uri: string): E | undefined {
    let found = this.#root.entry;
    this.#walk(uri, (entry) => {
      found = entry;
    });
    return found;
  }

  /** Every prefix of `uri`, the longest first. */
  all(uri: string): E[] {
    const found: E[] = this.#root.entry === undefined ? [] : [this.#root.entry];
    this.#walk(uri, (entry) => found.push(entry));
    return found.reverse();
  }

  #walk(uri: string, visit: (entry: E) => void): void {
    let node: PrefixNode<E> | undefined = this.#root;
    let position = 0;
    for (;;) {
      node = node.children.get(uri.charCodeAt(position));
      if (node === undefined || !uri.startsWith(node.label, position)) return;
      if (node.entry !== undefined) visit(node.entry);
      position += node.label.length;
    }
  }

  /* The nodes from the root to the one of exactly this prefix. */
  #path(prefix: string): PrefixNode<E>[] | undefined {
    const path = [this.#root];
    let position = 0;
    while (position < prefix.length) {
      const child = path.at(-1)!.children.get(prefix.charCodeAt(position));
      if (child === undefined || !prefix.startsWith(child.label, position)) return undefined;
      path.push(child);
      position += child.label.length;
    }
    return path;
  }
}

function commonLength(label: string, prefix: string, position: number): number {
  const most = Math.min(label.length, prefix.length - position);
  let length = 1;
  while (length < most && label.charCodeAt(length) === prefix.charCodeAt(position + length)) length++;
  return length;
}

/* Puts a node between parent and child that takes over the first `length` units of the child's label. */
function split<E>(parent: PrefixNode<E>, child: PrefixNode<E>, length: number): PrefixNode<E> {
  const middle = new PrefixNode<E>(child.label.slice(0, length));
  parent.children.set(child.label.charCodeAt(0), middle);
  child.label = child.label.slice(length);
  middle.children.set(child.label.charCodeAt(0), child);
  return middle;
}

/* A node that holds nothing and has one child takes that child's place. */
function joinOnlyChild<E>(node: PrefixNode<E>): void {
  if (node.entry !== undefined || node.children.size !== 1) return;
  const child = node.children.values().next().value!;
  node.label += child.label;
  node.entry = child.entry;
  node.children.clear();
  for (const [unit, grandchild] of child.children) node.children.set(unit, grandchild);
}

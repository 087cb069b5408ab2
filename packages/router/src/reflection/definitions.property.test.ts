import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Session } from '../session/session.js';
import { type DefinedKind, type Definition, Definitions } from './definitions.js';

const kinds: readonly DefinedKind[] = ['procedure', 'topic', 'error'];
const uris = ['a', 'b', '__proto__'];
const sessions = [1, 2, 3].map((id) => ({ id }) as Session);

const target = fc.record({
  session: fc.constantFrom(...sessions),
  kind: fc.constantFrom(...kinds),
  uri: fc.constantFrom(...uris),
});
const action = fc.oneof(
  target.map((of) => ({ do: 'define' as const, ...of })),
  target.map((of) => ({ do: 'undefine' as const, ...of })),
  fc.constantFrom(...sessions).map((session) => ({ do: 'leave' as const, session })),
);

test('REFL-01: whatever is defined, taken back and left, the oldest definition of a URI counts', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const definitions = new Definitions();
      /* Oldest first; a replaced one keeps its place. */
      let naive: { session: Session; definition: Definition }[] = [];
      const firstOf = (kind: DefinedKind, uri: string) =>
        naive.find(({ definition }) => definition.kind === kind && definition.uri === uri)?.definition ??
        null;
      for (const [number, each] of actions.entries()) {
        if (each.do === 'leave') {
          const gone = naive.filter(({ session }) => session === each.session).length;
          expect(definitions.leave(each.session)).toHaveLength(gone);
          naive = naive.filter(({ session }) => session !== each.session);
          continue;
        }
        const { session, kind, uri } = each;
        const isOwn = (held: (typeof naive)[number]): boolean =>
          held.session === session && held.definition.kind === kind && held.definition.uri === uri;
        const former = firstOf(kind, uri);
        const index = naive.findIndex(isOwn);
        if (each.do === 'define') {
          const definition = { kind, uri, schema: { number }, size: 10 };
          if (index < 0) naive.push({ session, definition });
          else naive[index] = { session, definition };
          expect(definitions.define(session, [definition])).toEqual([
            { former, current: firstOf(kind, uri) },
          ]);
        } else {
          if (index >= 0) naive.splice(index, 1);
          const change = index < 0 ? null : { former, current: firstOf(kind, uri) };
          expect(definitions.undefine(session, kind, uri)).toEqual(change);
        }
      }
      for (const kind of kinds) {
        const known = uris.filter((uri) => firstOf(kind, uri) !== null);
        expect([...definitions.uris(kind)].toSorted()).toEqual(known.toSorted());
        for (const uri of uris) expect(definitions.get(kind, uri)).toEqual(firstOf(kind, uri));
      }
    }),
  );
});

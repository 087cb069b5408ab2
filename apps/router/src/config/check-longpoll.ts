import type { ConfigPath, Problem } from './problem.js';
import { hasAt, listAt, textAt } from './tree.js';

/** Checks that what serves long-poll has HTTP, and a path that is not used for something else. */
export function checkLongPoll(tree: unknown): Problem[] {
  return listAt(tree, ['listeners'])
    .filter(({ value }) => hasAt(value, ['longpoll']))
    .flatMap(({ path }) => [...checkProtocols(tree, path), ...checkPath(tree, path)]);
}

function checkProtocols(tree: unknown, listener: ConfigPath): Problem[] {
  const protocols = listAt(tree, [...listener, 'protocols']);
  if (protocols.length === 0 || protocols.some(({ value }) => value === 'http')) return [];
  return [
    {
      path: [...listener, 'longpoll'],
      message: 'needs http among the protocols of its listener',
      atKey: true,
    },
  ];
}

function checkPath(tree: unknown, listener: ConfigPath): Problem[] {
  const at = [...listener, 'longpoll', 'path'];
  const path = textAt(tree, at)?.replace(/\/+$/, '');
  if (path === undefined || path === '') return [];
  const webSocketPaths = listAt(tree, [...listener, 'websocket', 'paths']).map(({ value }) => value);
  const used: [name: string, path: unknown][] = [
    ['http.health', textAt(tree, ['http', 'health']) ?? '/health'],
    ['http.metrics', textAt(tree, ['http', 'metrics']) ?? '/metrics'],
    ...(webSocketPaths.length === 0 ? ['/ws'] : webSocketPaths).map((each): [string, unknown] => [
      'websocket.paths',
      each,
    ]),
  ];
  return used
    .filter(([, other]) => typeof other === 'string' && `${other}/`.startsWith(`${path}/`))
    .map(([name, other]) => ({ path: at, message: `${path} covers ${other}, which is used for ${name}` }));
}

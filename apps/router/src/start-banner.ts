import type { ListenerConfig } from './config/listener-schema.js';
import type { RouterConfig } from './config/schema.js';

/** A listener that listens: its config, and the address with its real port. */
export interface OpenListener {
  readonly config: ListenerConfig;
  /** `127.0.0.1:8080` or `unix:/run/wamp.sock`. */
  readonly address: string;
}

const names = { websocket: 'WebSocket', rawsocket: 'RawSocket', http: 'HTTP' };

/**
 * The URL that clients connect to: `ws://…` or `wss://…` where WebSocket is served over TCP, else `tcp://…`,
 * `tcps://…` or `unix:…`, or that of HTTP alone.
 */
export function listenerUrl({ config, address }: OpenListener): string {
  if (address.startsWith('unix:')) return address;
  const reachable = address.replace(/^0\.0\.0\.0:/, '127.0.0.1:').replace(/^\[::\]:/, '[::1]:');
  const secure = config.tls === undefined ? '' : 's';
  if (!config.protocols.includes('websocket')) {
    return config.protocols.includes('rawsocket')
      ? `tcp${secure}://${reachable}`
      : `http${secure}://${reachable}${config.longpoll?.path ?? ''}`;
  }
  const paths = config.websocket.paths;
  return `ws${secure}://${reachable}${paths.includes('/ws') ? '/ws' : paths[0]}`;
}

/** What the start says: a line for each listener, then what to type next. */
export function startBanner(
  version: string,
  config: RouterConfig,
  listeners: readonly OpenListener[],
): string[] {
  const lines = listeners.map((listener) => describeListener(version, config, listener));
  const hint = describeNextStep(config, listeners);
  return hint === null ? lines : [...lines, hint];
}

function describeListener(version: string, config: RouterConfig, listener: OpenListener): string {
  const { protocols, serializers } = listener.config;
  const kinds = joinWords([
    ...protocols.map((protocol) => names[protocol]),
    ...describeLongPoll(listener.config),
  ]);
  const open = servedRealms(config, listener.config).filter(isOpen);
  const where = `wampkit router ${version} listens on ${listenerUrl(listener)} (${kinds}; ${serializers.join(', ')})`;
  return open.length === 0 || !carriesWamp(listener.config) ? where : `${where}, ${describeOpenRealms(open)}`;
}

function describeLongPoll({ longpoll }: ListenerConfig): string[] {
  return longpoll === undefined ? [] : [`long-poll on ${longpoll.path}`];
}

function describeOpenRealms(realms: readonly Realm[]): string {
  const [first, ...more] = realms.map(({ name }) => name!);
  if (more.length === 0) return `realm ${first} is open to everyone on this address`;
  return `realms ${joinWords([first!, ...more])} are open to everyone on this address`;
}

type Realm = RouterConfig['realms'][number];

function describeNextStep(config: RouterConfig, listeners: readonly OpenListener[]): string | null {
  for (const listener of listeners) {
    if (!carriesWamp(listener.config)) continue;
    const realm = servedRealms(config, listener.config).find(
      (candidate) => isOpen(candidate) || letsAnyoneIn(candidate),
    );
    if (realm === undefined) continue;
    const url = listenerUrl(listener);
    const options = [
      url === 'ws://127.0.0.1:8080/ws' ? '' : ` --url ${url}`,
      realm.name === 'realm1' ? '' : ` --realm ${realm.name}`,
      listener.config.serializers.includes('json') ? '' : ` --serializer ${listener.config.serializers[0]}`,
    ];
    return `try: npx wamp-cli subscribe com.example.hello${options.join('')}`;
  }
  return null;
}

function servedRealms(config: RouterConfig, { realms }: ListenerConfig): Realm[] {
  return config.realms.filter(
    ({ name }) => name !== undefined && (realms.length === 0 || realms.includes(name)),
  );
}

/** Neither authentication nor roles: everybody may do everything (DESIGN §5). */
function isOpen({ authentication, roles }: Realm): boolean {
  return authentication === undefined && roles === undefined;
}

function letsAnyoneIn({ authentication = [] }: Realm): boolean {
  return authentication.some(
    ({ method, authenticator }) => method === 'anonymous' && authenticator === undefined,
  );
}

function carriesWamp({ protocols, longpoll }: ListenerConfig): boolean {
  return protocols.includes('websocket') || protocols.includes('rawsocket') || longpoll !== undefined;
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

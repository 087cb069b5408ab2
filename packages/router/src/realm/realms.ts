import { CallError, ConfigError, ErrorUri, type Payload } from '@wampkit/protocol';
import { LONGEST_MADE_REALM_NAME } from '../limits.js';
import { serveSessionMetaApi } from '../meta-api/session-meta-api.js';
import { LocalCaller } from '../session/local-caller.js';
import type { LocalSession } from '../session/local-session.js';
import { Realm, type RealmSurroundings } from './realm.js';
import type { RealmOptions, RealmTemplateOptions } from './realm-options.js';

/** The realms of a router: those that are always there, and those that templates make and that go when they are empty. */
export class Realms {
  readonly #shared: RealmSurroundings;
  readonly #templates: readonly RealmTemplateOptions[];
  readonly #realms = new Map<string, Realm>();
  readonly #metaApis = new Map<Realm, LocalSession>();
  readonly #callers = new Map<Realm, LocalCaller>();

  /** @throws {ConfigError} when names, templates, methods, roles or rules contradict each other or are malformed */
  constructor(
    all: readonly (RealmOptions | RealmTemplateOptions)[],
    shared: Omit<RealmSurroundings, 'findRealm'>,
  ) {
    this.#shared = { ...shared, findRealm: (name) => this.#permanent(name) };
    this.#templates = all.filter((one) => 'template' in one);
    for (const options of all) {
      if ('template' in options) this.#check(options);
      else if (this.#realms.has(options.name))
        throw new ConfigError(`realm "${options.name}" is given twice`);
      else this.#open(options);
    }
    for (const options of all) this.#checkAuthorizers(options);
  }

  /** Those that are there now. */
  values(): Iterable<Realm> {
    return this.#realms.values();
  }

  /**
   * The realm of that name; made now where the first template that the name fits asks for it. Its caller reserves an id
   * in it at once, for it goes when nobody has one.
   *
   * @param among names and templates; empty: all
   */
  find(name: string, among: readonly string[] = []): Realm | undefined {
    const isAllowed = (one: string): boolean => among.length === 0 || among.includes(one);
    const template = this.#templates.find((one) => fitsTemplate(one.template, name));
    const known = this.#realms.get(name);
    if (known !== undefined)
      return isAllowed(name) || (known.isMade && isAllowed(template?.template as string)) ? known : undefined;
    if (template === undefined || name.length > LONGEST_MADE_REALM_NAME) return undefined;
    return isAllowed(name) || isAllowed(template.template) ? this.#make(template, name) : undefined;
  }

  /**
   * Calls a procedure of a realm that is there, in the name of the router.
   *
   * @returns rejects with `CallError` for an ERROR or when there is no such realm, `CanceledError` when `signal` aborts
   */
  call(realm: string, procedure: string, call: { payload: Payload; signal: AbortSignal }): Promise<Payload> {
    const known = this.#realms.get(realm);
    if (known === undefined)
      return Promise.reject(new CallError(`no realm "${realm}"`, { uri: ErrorUri.NoSuchProcedure }));
    let caller = this.#callers.get(known);
    if (caller === undefined) {
      caller = new LocalCaller(known, 'wamp.authentication');
      this.#callers.set(known, caller);
    }
    return caller.call(procedure, call.payload, { signal: call.signal });
  }

  /** Ends the router's own sessions, and every timer. */
  close(): void {
    for (const realm of [...this.#realms.values()]) this.#close(realm);
  }

  #permanent(name: string): Realm | undefined {
    const realm = this.#realms.get(name);
    return realm?.isMade === true ? undefined : realm;
  }

  #make({ template: _, ...options }: RealmTemplateOptions, name: string): Realm {
    const realm = this.#open({ ...options, name });
    realm.onEmpty = () => {
      this.#realms.delete(name);
      this.#close(realm);
    };
    return realm;
  }

  #open(options: RealmOptions): Realm {
    const realm = new Realm(options, this.#shared);
    this.#realms.set(realm.name, realm);
    if (options.metaApi !== false) this.#metaApis.set(realm, serveSessionMetaApi(realm));
    return realm;
  }

  #close(realm: Realm): void {
    realm.onEmpty = null;
    this.#metaApis.get(realm)?.close();
    this.#metaApis.delete(realm);
    this.#callers.get(realm)?.close();
    this.#callers.delete(realm);
    realm.close();
  }

  #checkAuthorizers({ roles = [], ...options }: RealmOptions | RealmTemplateOptions): void {
    const of = 'name' in options ? `realm "${options.name}"` : `realm template "${options.template}"`;
    for (const { name, authorizer } of roles) {
      const realm = authorizer !== undefined && 'realm' in authorizer ? authorizer.realm : undefined;
      if (realm !== undefined && !this.#realms.has(realm))
        throw new ConfigError(`${of}: role "${name}": there is no realm "${realm}" for its authorizer`);
    }
  }

  /* What is wrong with a template's options is wrong now, not when somebody joins. */
  #check({ template, eventStore: _, ...options }: RealmTemplateOptions): void {
    if (this.#templates.filter((one) => one.template === template).length > 1)
      throw new ConfigError(`realm template "${template}" is given twice`);
    const trial = new Realm({ ...options, name: template.replaceAll('*', 'x') }, this.#shared);
    trial.close();
  }
}

/** Whether a name fits a template, in which `*` stands for any characters, or none. Linear in the name's length. */
function fitsTemplate(template: string, name: string): boolean {
  const [head = '', ...rest] = template.split('*');
  const tail = rest.pop();
  if (tail === undefined) return name === head;
  if (!name.startsWith(head) || name.length < head.length + tail.length || !name.endsWith(tail)) return false;
  let from = head.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= name.length - tail.length;
}

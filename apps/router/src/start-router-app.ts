import { type Clock, systemClock, WampError } from '@wampkit/protocol';
import { Router } from '@wampkit/router';
import type { Listener } from '@wampkit/transport';
import { buildListeners } from './build-listeners.js';
import { buildRealms, describeClosedRealms } from './build-realms.js';
import type { Env } from './config/expand-env.js';
import { type LoadedConfig, type ReadConfigOptions, readConfig } from './config/load-config.js';
import type { ConfigInput, RouterConfig } from './config/schema.js';
import { httpEndpoints } from './http-endpoints.js';
import { createLog, type Log } from './log.js';
import { type LoggedEvents, logRouterEvents } from './log-router-events.js';
import { listenerUrl, type OpenListener, startBanner } from './start-banner.js';
import { version } from './version.js';
import { WatchedFiles } from './watched-files.js';

/** What `startRouterApp` takes besides the config. */
export interface StartOptions extends ReadConfigOptions {
  /** Where to log; default: standard output, as the config's `log` says. */
  log?: Log;
  clock?: Clock;
}

/** A router that listens. */
export interface RunningRouter extends AsyncDisposable {
  /** One for each listener, in the config's order, with real ports: `127.0.0.1:8080`, `unix:/run/wamp.sock`. */
  readonly addresses: readonly string[];
  /** One for each listener: the URL that clients connect to, `ws://127.0.0.1:8080/ws`. */
  readonly urls: readonly string[];
  readonly router: Router;
  /** GOODBYE to all, pending calls may finish within `shutdown.grace`, then every listener ends. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts what `wamp-router` runs: the router of a config, its listeners, health and log.
 *
 * @example
 * const running = await startRouterApp({ listeners: [{ bind: '127.0.0.1:0' }], log: { level: 'silent' } });
 * console.log(running.urls[0]);
 * await running.close();
 *
 * @param config as in the config file, or what `loadConfig` gave
 * @throws {ConfigError} when the config cannot be used
 * @throws {WampError} when a listener cannot listen; nothing is left open then
 */
export async function startRouterApp(
  config: ConfigInput | LoadedConfig = {},
  options: StartOptions = {},
): Promise<RunningRouter> {
  const loaded = 'warnings' in config ? config : readConfig(config, options);
  const log = options.log ?? (await createLog(loaded.config.log));
  const { clock = systemClock, env = process.env } = options;
  const app = new RouterApp(loaded.config, { log, clock, env });
  for (const warning of loaded.warnings) log.warn(warning);
  await app.listen();
  return app;
}

class RouterApp implements RunningRouter {
  readonly router: Router;
  readonly #config: RouterConfig;
  readonly #log: Log;
  readonly #logged: LoggedEvents;
  readonly #listeners: readonly Listener[];
  /** Files of users, keys and TLS, which are read again when they change. */
  readonly #files: WatchedFiles;
  #open: readonly OpenListener[] = [];
  #closing: Promise<void> | null = null;

  constructor(config: RouterConfig, { log, clock, env }: { log: Log; clock: Clock; env: Env }) {
    this.#files = new WatchedFiles(clock);
    const realms = buildRealms(config, { clock, env, files: this.#files, log });
    for (const line of describeClosedRealms(realms)) log.warn(line);
    this.#config = config;
    this.#log = log;
    this.#logged = logRouterEvents(log, clock);
    this.router = new Router({ realms, clock, events: this.#logged.events, agent: `wampkit-${version}` });
    this.#listeners = buildListeners(config, {
      onPeer: (peer, listener, { waited }) => {
        const realms = listener.realms.length === 0 ? {} : { realms: listener.realms };
        // One time for all of the handshake, from the accepted connection to WELCOME (BP-SESS-09).
        const handshakeTimeout = Math.max(1, listener.handshakeTimeout - waited);
        this.router.attach(peer, { ...realms, authmethods: listener.authmethods, handshakeTimeout });
      },
      onRequest: httpEndpoints(config.http, () => this.#closing !== null),
      onError: (error) => log.warn({ err: error }, 'listener fault'),
      files: this.#files,
      log,
    });
  }

  get addresses(): readonly string[] {
    return this.#open.map(({ address }) => address);
  }

  get urls(): readonly string[] {
    return this.#open.map(listenerUrl);
  }

  /** Opens every listener, or none. */
  async listen(): Promise<void> {
    try {
      for (const listener of this.#listeners) await listener.listen();
    } catch (error) {
      await this.close();
      throw adviseOnListen(error);
    }
    this.#open = this.#listeners.map(({ address }, index) => ({
      config: this.#config.listeners[index]!,
      address,
    }));
    for (const line of startBanner(version, this.#config, this.#open)) this.#log.info(line);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // Listeners stay until the sessions are gone: /health tells 503 meanwhile, and who comes now is told why not.
  async #end(): Promise<void> {
    await this.router.close({ grace: this.#config.shutdown.grace });
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    this.#files.close();
    this.#logged.flush();
  }
}

/** Adds to a listener's fault what to do about it. */
function adviseOnListen(error: unknown): unknown {
  const inUse = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE';
  if (!(error instanceof WampError) || !inUse) return error;
  return new WampError(`${error.message}; choose another with --listen, or in the config`, { cause: error });
}

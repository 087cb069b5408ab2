import { WampError } from '@wampkit/protocol';
import { Command, CommanderError, Option } from 'commander';
import { configJsonSchema } from './config/config-json-schema.js';
import { type LoadedConfig, loadConfig, readConfig } from './config/load-config.js';
import { findNearestKey } from './config/nearest-key.js';
import { overrideConfig, type StartFlags } from './override-config.js';
import { runRouter } from './run-router.js';
import { version } from './version.js';

/** Where a command writes. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

const terminal: Terminal = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

const examples = `
Examples:
  wamp-router
  wamp-router --listen 127.0.0.1:9000 --realm com.example
  wamp-router --config router.yaml
  wamp-router check-config router.yaml`;

/**
 * Runs `wamp-router` with the arguments after its name.
 *
 * @returns the exit code, or `null` when a router now runs and decides it
 */
export async function runCommandLine(
  args: readonly string[],
  io: Terminal = terminal,
): Promise<number | null> {
  let code: number | null = 0;
  const program = buildProgram(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof WampError)) throw error;
    io.err(`${error.message}\n`);
    return 1;
  }
}

function buildProgram(io: Terminal, setCode: (code: number | null) => void): Command {
  const program = new Command('wamp-router')
    .description('The WAMP router of wampkit.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, getOutHelpWidth: () => 80 });
  const start = addStart(program).action(async (flags: StartFlags, command: Command) => {
    refuseArguments(command);
    await runRouter(overrideConfig(loadStartConfig(flags), flags));
    setCode(null);
  });
  program
    .command('check-config <file>')
    .description('say what is wrong with a config, and start nothing')
    .action((file: string) => checkConfig(file, io));
  program
    .command('config-schema')
    .description('print the JSON Schema of the config, for editors')
    .action(() => io.out(`${JSON.stringify(configJsonSchema(), null, 2)}\n`));
  return program.addHelpText('after', () => `${describeOptions(start)}${examples}`);
}

function addStart(program: Command): Command {
  const config = new Option(
    '-c, --config <file>',
    'YAML or JSON; without one: realm1, open to everyone, on 127.0.0.1:8080',
  );
  return program
    .command('start', { isDefault: true })
    .description('serve realms until SIGINT or SIGTERM; what wamp-router alone does')
    .allowExcessArguments()
    .addOption(config.env('WAMP_ROUTER_CONFIG'))
    .option('-l, --listen <bind>', 'host:port, [::1]:port or unix:/path')
    .option('-r, --realm <name>', 'the open realm that is served without a config')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent')
    .option('--log-format <format>', 'auto, pretty or json');
}

/** The options of start for the help of the program: most people never type `start`. */
function describeOptions(start: Command): string {
  const help = start.createHelp();
  help.prepareContext({ helpWidth: 80 });
  const options = start.options.filter(({ long }) => long !== '--help');
  const width = Math.max(...options.map((option) => help.optionTerm(option).length));
  const lines = options.map((option) =>
    help.formatItem(help.optionTerm(option), width, help.optionDescription(option), help),
  );
  return ['\nOptions of start:', ...lines, ''].join('\n');
}

/** What stands alone on the command line is a command that does not exist, or a config without its flag. */
function refuseArguments(command: Command): void {
  const [argument] = command.args;
  if (argument === undefined) return;
  const nearest = findNearestKey(argument, ['start', 'check-config', 'config-schema']);
  const isFile = /\.(?:ya?ml|json)$/i.test(argument);
  const meant = isFile ? `--config ${argument}` : nearest;
  const advice = meant === null ? 'see wamp-router --help' : `did you mean ${meant}?`;
  command.error(`error: unexpected argument '${argument}'; ${advice}`);
}

function loadStartConfig({ config }: StartFlags): LoadedConfig {
  return config === undefined || config === '' ? readConfig({}) : loadConfig(config);
}

/** Prints warnings and OK; a config that cannot be used throws. */
function checkConfig(file: string, io: Terminal): void {
  const { warnings } = loadConfig(file);
  for (const warning of warnings) io.out(`warning: ${warning}\n`);
  io.out(`${file}: OK${describeCount(warnings.length)}\n`);
}

function describeCount(warnings: number): string {
  if (warnings === 0) return '';
  return warnings === 1 ? ', 1 warning' : `, ${warnings} warnings`;
}

import { Argument, type Command } from 'commander';
import type { Output } from '../terminal.js';

/** Declares `wamp-cli completion`. */
export function addCompletionCommand(program: Command, stdout: Output): void {
  program
    .command('completion')
    .description('print a completion script for bash or zsh')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh']))
    .helpOption('-h, --help', 'show this help')
    .addHelpText(
      'after',
      `
Examples:
  source <(wamp-cli completion bash)                                   # this shell
  wamp-cli completion bash > ~/.local/share/bash-completion/completions/wamp-cli
  wamp-cli completion zsh > "\${fpath[1]}/_wamp-cli"`,
    )
    .action(async (shell: string) => {
      const { describeCommands } = await import('../completion/describe-commands.js');
      const commands = describeCommands(program);
      if (shell === 'bash') stdout.write((await import('../completion/bash-script.js')).bashScript(commands));
      else stdout.write((await import('../completion/zsh-script.js')).zshScript(commands));
    });
}

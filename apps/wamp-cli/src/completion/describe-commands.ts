import type { Command, Option } from 'commander';

/** One option as a shell completes it. */
export interface CompletedOption {
  /** `-u`, `--url`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly isRepeatable: boolean;
  /** What follows it: nothing, one of a list, a file, or something that cannot be completed. */
  readonly value: 'none' | 'file' | 'any' | readonly string[];
}

/** One verb as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments can be, where that is a list. */
  readonly words: readonly string[];
}

/** The whole command line for completion scripts, read from the declarations: `verbs`, and `global` before them. */
export interface CompletedProgram {
  readonly global: readonly CompletedOption[];
  readonly verbs: readonly CompletedCommand[];
}

/** Reads what a completion script has to know from the program. */
export function describeCommands(program: Command): CompletedProgram {
  const names = program.commands.map((command) => command.name());
  const verbs = program.commands.map((command) => describeCommand(command));
  const help = { name: 'help', description: 'show the help of a verb', options: [], words: names };
  return { global: describeOptions(program), verbs: [...verbs, help] };
}

function describeCommand(command: Command): CompletedCommand {
  return {
    name: command.name(),
    description: command.description(),
    options: describeOptions(command),
    words: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  };
}

function describeOptions(command: Command): CompletedOption[] {
  return command.createHelp().visibleOptions(command).map(describeOption);
}

function describeOption(option: Option): CompletedOption {
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
    description: option.description,
    isRepeatable: /repeatable|-vv/.test(option.description),
    value: describeValue(option),
  };
}

function describeValue(option: Option): CompletedOption['value'] {
  if (!option.required && !option.optional) return 'none';
  if (option.argChoices !== undefined) return option.argChoices;
  return option.flags.includes('<file>') ? 'file' : 'any';
}

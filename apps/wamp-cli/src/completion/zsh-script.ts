import type { CompletedCommand, CompletedOption, CompletedProgram } from './describe-commands.js';

/** The completion script for zsh: a file `_wamp-cli` in `fpath`, or sourced after `compinit`. */
export function zshScript({ global, verbs }: CompletedProgram): string {
  return `#compdef wamp-cli wamp
_wamp_cli() {
  local curcontext=$curcontext state line
  local -a verbs
  verbs=(
${verbs.map((verb) => `    ${quoted(`${verb.name}:${verb.description}`)}`).join('\n')}
  )
  _arguments -C -A '-*' \\
${global.map((option) => `    ${argument(option)} \\`).join('\n')}
    '1:verb:->verb' '*::argument:->arguments' && return
  case $state in
    verb) _describe verb verbs ;;
    arguments)
      case $line[1] in
${verbs.map(verbCase).join('\n')}
      esac ;;
  esac
}
if [[ $funcstack[1] == _wamp-cli ]]; then _wamp_cli "$@"; else compdef _wamp_cli wamp-cli wamp; fi
`;
}

function verbCase(verb: CompletedCommand): string {
  const rest = verb.words.length > 0 ? `'1:${verb.name}:(${verb.words.join(' ')})'` : `'*: :_default'`;
  const lines = [...verb.options.map(argument), rest].map((line) => `          ${line}`);
  return `        ${verb.name}) _arguments -s \\\n${lines.join(' \\\n')} ;;`;
}

/** A spec of _arguments, such as `'(-u --url)'{-u,--url}'[router]:url:'`. */
function argument(option: CompletedOption): string {
  const { flags, isRepeatable } = option;
  const exclusive = isRepeatable ? '*' : flags.length > 1 ? `(${flags.join(' ')})` : '';
  const names = flags.length > 1 ? `'${exclusive}'{${flags.join(',')}}` : `'${exclusive}'${flags[0]}`;
  return `${names}${quoted(`[${option.description.replace(/[[\]]/g, '\\$&')}]${value(option)}`)}`;
}

function value(option: CompletedOption): string {
  if (option.value === 'none') return '';
  const name = (option.flags.at(-1) as string).replace(/^-+/, '');
  if (option.value === 'any') return `:${name}:`;
  return option.value === 'file' ? `:${name}:_files` : `:${name}:(${option.value.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

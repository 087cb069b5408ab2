import type { CompletedOption, CompletedProgram } from './describe-commands.js';

/** The completion script for bash 4 and newer; needs nothing else installed. */
export function bashScript({ global, verbs }: CompletedProgram): string {
  const all = [...global, ...verbs.flatMap((verb) => verb.options)];
  return `# bash completion of wamp-cli: source <(wamp-cli completion bash)
_wamp_cli() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb='' words='' options='' index
  # bash takes "=" for a word of its own.
  if [[ $cur == '=' ]]; then cur=''
  elif [[ $prev == '=' ]] && (( COMP_CWORD > 1 )); then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for (( index = 1; index < COMP_CWORD; index++ )); do
    case \${COMP_WORDS[index]} in
      ${valueFlags(global)}) [[ \${COMP_WORDS[index+1]} == '=' ]] && (( index++ )); (( index++ )) ;;
      -*|=) ;;
      *) verb=\${COMP_WORDS[index]}; break ;;
    esac
  done
  case $prev in
${valueCases(all)}
  esac
  if [[ $cur == @* ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -P @ -f -- "\${cur#@}"))
    return
  fi
  case $verb in
    '') words='${verbs.map((verb) => verb.name).join(' ')}'; options='${flags(global)}' ;;
${verbs.map((verb) => `    ${verb.name}) words='${verb.words.join(' ')}'; options='${flags(verb.options)}' ;;`).join('\n')}
  esac
  [[ $cur == -* ]] && words=$options
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _wamp_cli wamp-cli wamp
`;
}

function flags(options: readonly CompletedOption[]): string {
  return options.flatMap((option) => option.flags).join(' ');
}

function valueFlags(options: readonly CompletedOption[]): string {
  return unique(options.filter((option) => option.value !== 'none').flatMap((option) => option.flags)).join(
    '|',
  );
}

function valueCases(options: readonly CompletedOption[]): string {
  const lists = unique(
    options
      .map((option) => option.value)
      .filter((value) => typeof value === 'object')
      .map(join),
  );
  const cases = lists.map((list) => {
    const chosen = options.filter(
      (option) => typeof option.value === 'object' && join(option.value) === list,
    );
    return `    ${valueFlags(chosen)}) COMPREPLY=($(compgen -W '${list}' -- "$cur")); return ;;`;
  });
  const files = options.filter((option) => option.value === 'file');
  const others = options.filter((option) => option.value === 'any' && !option.flags.includes('--ticket'));
  cases.push(
    `    ${valueFlags(files)}) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return ;;`,
  );
  cases.push(`    ${valueFlags(others)}) return ;;`);
  return cases.join('\n');
}

function join(values: readonly string[]): string {
  return values.join(' ');
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

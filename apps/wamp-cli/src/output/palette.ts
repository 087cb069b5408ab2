import type { ChalkInstance } from 'chalk';

type Paint = (text: string) => string;

/** The colours of what is printed, by meaning. */
export interface Palette {
  readonly uri: Paint;
  readonly key: Paint;
  readonly string: Paint;
  readonly number: Paint;
  readonly literal: Paint;
  readonly dim: Paint;
  readonly warning: Paint;
  readonly error: Paint;
}

const plain: Paint = (text) => text;

/** No colours. */
const plainPalette: Palette = {
  uri: plain,
  key: plain,
  string: plain,
  number: plain,
  literal: plain,
  dim: plain,
  warning: plain,
  error: plain,
};

/** What decides about colours: the option when given, else NO_COLOR, FORCE_COLOR, and whether a terminal reads. */
export interface ColorChoice {
  readonly option: boolean | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTty: boolean;
}

/** The palette for one stream; chalk is loaded only when there are colours. */
export async function createPalette(choice: ColorChoice): Promise<Palette> {
  if (!wantsColor(choice)) return plainPalette;
  const { Chalk } = await import('chalk');
  return colors(new Chalk({ level: 1 }));
}

function wantsColor({ option, env, isTty }: ColorChoice): boolean {
  if (option !== undefined) return option;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return isTty && env.TERM !== 'dumb';
}

function colors(chalk: ChalkInstance): Palette {
  return {
    uri: chalk.bold.cyan,
    key: chalk.blue,
    string: chalk.green,
    number: chalk.yellow,
    literal: chalk.magenta,
    dim: chalk.dim,
    warning: chalk.yellow,
    error: chalk.bold.red,
  };
}

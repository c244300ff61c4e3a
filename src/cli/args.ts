import { AppError } from "../core/errors.ts";

/** A parsed command line: words, then `--name value…` options. */
export interface Args {
  words: string[];
  options: Map<string, string[]>;
}

/** Options and how many values each takes: "none", "one", "many" (at least one), or "each" (one, repeatable). */
export type OptionSpec = Record<string, "none" | "one" | "many" | "each">;

/** Throws AppError usage for an unknown option or a missing value. */
export function parseArgs(argv: readonly string[], spec: OptionSpec): Args {
  const words: string[] = [];
  const options = new Map<string, string[]>();
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i];
    if (!arg.startsWith("--")) {
      words.push(arg);
      continue;
    }
    const [name, inline] = arg.slice(2).split(/=(.*)/s, 2);
    const kind = spec[name];
    if (!kind)
      throw new AppError(
        "usage",
        `There is no option --${name}; there are ${
          Object.keys(spec)
            .map((o) => `--${o}`)
            .join(", ") || "none"
        }.`,
      );
    const values = inline === undefined ? [] : [inline];
    if (kind === "none") {
      if (inline !== undefined) throw new AppError("usage", `--${name} takes no value.`);
      options.set(name, []);
      continue;
    }
    const wanted = kind === "many" ? Number.POSITIVE_INFINITY : 1;
    while (values.length < wanted && i + 1 < argv.length && !argv[i + 1].startsWith("--")) values.push(argv[++i]);
    if (values.length === 0) throw new AppError("usage", `--${name} needs a value.`);
    options.set(name, [...(kind === "one" ? [] : (options.get(name) ?? [])), ...values]);
  }
  return { words, options };
}

/** The last value of an option, or the fallback. */
export function option(args: Args, name: string): string | undefined {
  return args.options.get(name)?.at(-1);
}

/** A required option. Throws AppError usage. */
export function required(args: Args, name: string): string[] {
  const values = args.options.get(name);
  if (!values) throw new AppError("usage", `--${name} is required.`);
  return values;
}

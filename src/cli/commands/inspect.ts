import { AppError } from "../../core/errors.ts";
import { inspectJson } from "../../io/inspect.ts";
import { describeAll } from "../../io/open.ts";
import { parseArgs } from "../args.ts";
import type { CommandResult } from "../main.ts";
import { nodeSources } from "../nodeFiles.ts";

/** What these files are: one object, or an array when they hold several data sets; what is broken beside them is a warning. */
export async function inspect(argv: string[]): Promise<CommandResult> {
  const { words } = parseArgs(argv, {});
  if (words.length === 0) throw new AppError("usage", "inspect needs at least one path.");
  return { output: inspectJson(await describeAll(await nodeSources(words))) };
}

import { formatRows } from "../../io/readers/index.ts";
import type { CommandResult } from "../main.ts";

/** Every format that `inspect` and `run` open, in the order in which they are asked: by what it is known, what is read and what is not. */
export async function listFormats(): Promise<CommandResult> {
  return { output: formatRows() };
}

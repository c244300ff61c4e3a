import { infoOf } from "../../methods/defineMethod.ts";
import { methods } from "../../methods/registry.ts";
import type { CommandResult } from "../main.ts";

/** Every method with its parameters, defaults and units. */
export async function listMethods(): Promise<CommandResult> {
  return { output: methods.map(infoOf) };
}

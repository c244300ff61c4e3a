import { assert } from "../errors.ts";
import type { NetworkOracle } from "./types.ts";

export const transformer: NetworkOracle = {
  output: () => assert(false, "not there yet") as never,
  gradient: () => assert(false, "not there yet") as never,
};

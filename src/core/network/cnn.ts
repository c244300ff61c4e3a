import { assert } from "../errors.ts";
import type { NetworkOracle } from "./types.ts";

export const cnn: NetworkOracle = {
  output: () => assert(false, "not there yet") as never,
  gradient: () => assert(false, "not there yet") as never,
};

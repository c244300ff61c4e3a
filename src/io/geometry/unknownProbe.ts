import type { ProbeSites } from "../../core/types.ts";

/** A probe of which at most positions are known: one shank, every contact connected. `connected` has one entry per channel. */
export function unknownProbe(
  positionsUm: ProbeSites["positionsUm"] = [],
  connected: boolean[] = positionsUm.map(() => true),
): ProbeSites {
  const shank = positionsUm.map(() => 0);
  return { model: "unknown probe", partNumber: "", nShanks: 1, positionsUm, shank, connected };
}

import { anchorPositions, shrunk, xConstant } from "../../core/scoreboard/controls.ts";
import type { PositionSet } from "../../core/scoreboard/grid.ts";
import type { Motion, ProbeSites, SpikeTable } from "../../core/types.ts";
import type { ScoreRowKind } from "../../protocol/scoreboard.ts";

/** Positions that are wrong on purpose, or the reason why there are none. */
export interface Control {
  kind: ScoreRowKind;
  label: string;
  /** made when they are asked for: all controls at once would take several times the memory of the spikes */
  positions: (() => PositionSet) | null;
  notPossible: string | null;
}

const STEPS: readonly [k: number, inWords: string][] = [
  [0.25, "¼"],
  [0.5, "½"],
];

/** The controls of one set of positions. The ends of the shrink ladder are the anchors (0) and the positions as they are (1). */
export function controlsOf(set: PositionSet, spikes: SpikeTable, probe: ProbeSites | undefined): Control[] {
  const found = anchorPositions(spikes.channel, probe);
  const anchor = "positions" in found ? found.positions : null;
  const notPossible = "notPossible" in found ? found.notPossible : null;
  return [
    { kind: "anchor", label: "anchors only (shrunk to 0)", positions: anchor && (() => anchor), notPossible },
    {
      kind: "x-constant",
      label: "x the same for every spike",
      positions: set.xUm && (() => xConstant(set)),
      notPossible: set.xUm ? null : "Not possible: lateral positions are not known.",
    },
    ...STEPS.map(([k, inWords]) => ({
      kind: "shrink" as const,
      label: `shrunk to ${inWords} of the way from the anchor`,
      positions: anchor && (() => shrunk(set, anchor, k)),
      notPossible,
    })),
  ];
}

/** The same motion the other way round: what it scores shows whether the sign is right. */
export function turned(motion: Motion): Motion {
  return {
    ...motion,
    displacementUm: motion.displacementUm.map((v) => -v),
    ...(motion.lateralUm ? { lateralUm: motion.lateralUm.map((v) => -v) } : {}),
    ...(motion.byShank ? { byShank: motion.byShank.map(turned) } : {}),
  };
}

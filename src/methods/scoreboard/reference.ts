import { correctDepths, correctLateral } from "../../core/motion.ts";
import { type Agreement, agreement, type Placed } from "../../core/scoreboard/agreement.ts";
import { anchorPositions } from "../../core/scoreboard/controls.ts";
import type { PositionSet } from "../../core/scoreboard/grid.ts";
import type { Motion, ProbeSites, SpikeTable } from "../../core/types.ts";
import type { NamedMotion } from "../../protocol/scoreboard.ts";

/** The localizer that others are held against. */
export const REFERENCE_LOCALIZER = "monopolar";

/** Monopolar positions, corrected by DREDge where that is among the motions, as published scoreboards have it. */
export class Reference {
  /** H̄ of its positions under each motion, as they become known */
  readonly entropyNats = new Map<Motion, number>();
  readonly #anchor: PositionSet | null;
  readonly #placed: Placed | null;

  constructor(
    spikes: SpikeTable,
    probe: ProbeSites | undefined,
    sets: readonly PositionSet[],
    motions: readonly NamedMotion[],
  ) {
    const found = anchorPositions(spikes.channel, probe);
    this.#anchor = "positions" in found ? found.positions : null;
    const set = sets.find(({ name }) => name === REFERENCE_LOCALIZER);
    const motion = motions.find(({ name }) => isDredge(name))?.motion ?? null;
    this.#placed = set ? placed(spikes, set, motion) : null;
  }

  /** Null without monopolar positions. */
  agreement(own: Placed): Agreement | null {
    return this.#placed && agreement(own, this.#placed, this.#anchor);
  }
}

export function isDredge(motionName: string): boolean {
  return /dredge/i.test(motionName);
}

function placed({ timeSec, shank }: SpikeTable, before: PositionSet, motion: Motion | null): Placed {
  if (!motion) return { before, after: before };
  const { name, xUm, yUm, zUm } = before;
  return {
    before,
    after: {
      name,
      xUm: xUm && correctLateral(motion, timeSec, xUm),
      yUm: correctDepths(motion, timeSec, yUm, shank),
      zUm,
    },
  };
}

import type { SyntheticOptions } from "../../src/core/syntheticRecording.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { rowOf, type StudyMotion, type StudyRow } from "./study/rows.ts";
import { makeWorld, type World } from "./study/world.ts";

const DREDGE: StudyMotion = { title: "DREDge", method: "dredge", preset: "correct-motion" };
const MEDICINE: StudyMotion = { title: "MEDiCINe", method: "medicine", preset: "quick" };
const GRADIENT: StudyMotion = { title: "gradient", method: "gradient-motion" };

/** Rows that need no network: name of the positions, title, motion. */
const PLAIN: readonly [set: string, title: string, motion: StudyMotion | "truth" | null][] = [
  ["truth", "truth", "truth"],
  ["truth", "truth", DREDGE],
  ["monopolar", "MP", null],
  ["monopolar", "MP", DREDGE],
  ["monopolar", "MP", GRADIENT],
  ["monopolar", "MP", MEDICINE],
  ["anchor only", "anchor only", DREDGE],
  ["com", "CoM", DREDGE],
  ["grid", "grid convolution", DREDGE],
  ["MP shrunk to ¼", "MP shrunk to ¼", DREDGE],
  ["MP shrunk to ½", "MP shrunk to ½", DREDGE],
  ["MP, x constant", "MP, x constant", DREDGE],
];

/** The fit on waveforms denoised by tPCA, as the reference's teacher is said to be. */
const DENOISED = "MP, denoised";
const DENOISED_PARAMS = { localize_on: "denoised", channel_set: "nearest10", objective: "least-squares" };

/** All rows of one simulated recording, or those whose title is asked for, as they come. */
export async function* slnStudy(
  seed: number,
  titles: readonly string[],
  recording: Partial<SyntheticOptions>,
): AsyncGenerator<StudyRow> {
  await chooseCompute("cpu", () => undefined);
  const isWanted = (title: string) => titles.length === 0 || titles.includes(title);
  const world = await makeWorld(seed, recording, {});
  yield* plainRows(world, isWanted);
  if (isWanted(DENOISED)) {
    const denoised = await makeWorld(seed, recording, DENOISED_PARAMS);
    yield await rowOf(denoised, DENOISED, denoised.sets.get("monopolar")!, DREDGE);
  }
}

async function* plainRows(world: World, isWanted: (title: string) => boolean): AsyncGenerator<StudyRow> {
  for (const [name, title, motion] of PLAIN) {
    const set = world.sets.get(name);
    if (!set || !isWanted(title)) continue;
    const known = motion === "truth" ? { title: "truth", motion: world.motion } : motion;
    yield await rowOf(world, title, set, known);
  }
}

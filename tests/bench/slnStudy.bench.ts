import type { SyntheticOptions } from "../../src/core/syntheticRecording.ts";
import { handedOn } from "../../src/methods/nouns.ts";
import { positionSetsOf } from "../../src/methods/scoreboard/positionSets.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { networkLocations, type TrainedModel } from "../../src/protocol/models.ts";
import { rowOf, type StudyMotion, type StudyRow } from "./study/rows.ts";
import { makeWorld, runMethod, type World } from "./study/world.ts";

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
  ["anchor only", "anchor only", DREDGE],
  ["com", "CoM", DREDGE],
  ["grid", "grid convolution", DREDGE],
  ["MP shrunk to ¼", "MP shrunk to ¼", DREDGE],
  ["MP shrunk to ½", "MP shrunk to ½", DREDGE],
  ["MP, x constant", "MP, x constant", DREDGE],
];
/** after the networks: it takes longer than they do */
const LAST: typeof PLAIN = [["monopolar", "MP", MEDICINE]];

/** A way of fine-tuning; positions are scored under DREDge run again on them, or under the motion that was trained along. */
interface Tuning {
  title: string;
  params: ParamValues;
  trainsMotion?: boolean;
}

/** About 60 steps; by 30 the loss as published has done its harm in the simulation study. */
const EPOCHS: ParamValues = { epochs: 6, stride: 8 };
const PLAIN_LOSS: ParamValues = { tether_axes: "xy", batch_norm: "batch" };
/** Networks, and what is made of each. The published runs are 40 epochs at stride 1; here all get the same few steps. */
const NETWORKS: readonly { title: string; network: string; tunings: readonly Tuning[] }[] = [
  {
    title: "CNN, pretrained",
    network: "cnn",
    tunings: [
      { title: "CNN, fine-tuned, x, y, z tethered", params: {} },
      { title: "CNN, fine-tuned as published", params: PLAIN_LOSS },
      { title: "CNN, fine-tuned, point source 30", params: { ...PLAIN_LOSS, lambda_residual: 30 } },
      { title: "CNN, fine-tuned, ρ̄ alone", params: { lambda_tether: 0, lambda_entropy: 0 } },
      { title: "CNN and motion together", params: { end_to_end: true }, trainsMotion: true },
    ],
  },
  {
    title: "Transformer, pretrained",
    network: "transformer",
    tunings: [
      { title: "Transformer, fine-tuned, x, y, z tethered", params: {} },
      { title: "Transformer, fine-tuned as published", params: PLAIN_LOSS },
    ],
  },
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
  yield* plainRows(world, PLAIN, isWanted);
  for (const network of NETWORKS) yield* networkRows(world, network, isWanted);
  if (isWanted(DENOISED)) {
    const denoised = await makeWorld(seed, recording, DENOISED_PARAMS);
    yield await rowOf(denoised, DENOISED, denoised.sets.get("monopolar")!, DREDGE);
  }
  yield* plainRows(world, LAST, isWanted);
}

/** A network as pretrained, and as fine-tuned in every way that is asked for. */
async function* networkRows(
  world: World,
  { title, network, tunings }: (typeof NETWORKS)[number],
  isWanted: (title: string) => boolean,
): AsyncGenerator<StudyRow> {
  const wanted = tunings.filter((tuning) => isWanted(tuning.title));
  if (wanted.length === 0 && !isWanted(title)) return;
  let started = performance.now();
  const sinceSec = () => (performance.now() - started) / 1000;
  const pretrained = await runMethod("sln-pretrain", { network }, world.inputs, world.seed);
  const model = pretrained.model as TrainedModel;
  const setOf = (locations: Record<string, Float32Array> | undefined, name: string) =>
    positionSetsOf(world.inputs.spikes, { [name]: locations![name] })[0];
  const start = setOf(pretrained.locations, networkLocations.pretrained(model.spec));
  yield await rowOf(world, title, start, DREDGE, { seconds: sinceSec() });
  const inputs = handedOn(world.inputs, pretrained);
  for (const tuning of wanted) {
    started = performance.now();
    const tuned = await runMethod("sln-joint", { ...EPOCHS, ...tuning.params }, inputs, world.seed);
    const set = setOf(tuned.locations, networkLocations.tuned(model.spec));
    const own = tuning.trainsMotion && tuned.motion ? { title: "its own", motion: tuned.motion } : DREDGE;
    yield await rowOf(world, tuning.title, set, own, { gate: tuned.gate, seconds: sinceSec() });
  }
}

async function* plainRows(
  world: World,
  rows: typeof PLAIN,
  isWanted: (title: string) => boolean,
): AsyncGenerator<StudyRow> {
  for (const [name, title, motion] of rows) {
    const set = world.sets.get(name);
    if (!set || !isWanted(title)) continue;
    const known = motion === "truth" ? { title: "truth", motion: world.motion } : motion;
    yield await rowOf(world, title, set, known);
  }
}

import { type MatchedTruth, matchTruth } from "../../../src/core/positionTruth.ts";
import { anchorPositions, shrunk, xConstant } from "../../../src/core/scoreboard/controls.ts";
import { type PositionSet, scoreGrid } from "../../../src/core/scoreboard/grid.ts";
import { type SyntheticOptions, syntheticRecording } from "../../../src/core/syntheticRecording.ts";
import type { Motion, ProbeSites, SpikeTable } from "../../../src/core/types.ts";
import { memorySource } from "../../../src/io/byteSource.ts";
import { memoryScratch } from "../../../src/io/scratch/memoryScratch.ts";
import { readSpikeTruth } from "../../../src/io/truth.ts";
import { syntheticTruthFiles } from "../../../src/io/write/syntheticTruth.ts";
import { checkParams, type MethodInputs, type MethodResult } from "../../../src/methods/defineMethod.ts";
import { factsOfRecording, handedOn } from "../../../src/methods/nouns.ts";
import { methodById } from "../../../src/methods/registry.ts";
import { type Measuring, measuring } from "../../../src/methods/scoreboard/measure.ts";
import { positionSetsOf } from "../../../src/methods/scoreboard/positionSets.ts";
import type { ParamValues } from "../../../src/protocol/methods.ts";

/** A simulated recording after detection, with what is true of it. */
export interface World {
  seed: number;
  /** what a method starts from: spikes, locations, stored waveforms, truth */
  inputs: MethodInputs & { spikes: SpikeTable; probe: ProbeSites };
  sets: ReadonlyMap<string, PositionSet>;
  motion: Motion;
  matched: MatchedTruth;
  /** of spikes in the last 30 % of the time, which networks do not train on */
  heldOut: MatchedTruth;
  measuring: Measuring;
}

const TRAINED_SHARE = 0.7;
const MP = "monopolar";

/** The recording of the page's joint demo: one shank of Neuropixels 1.0, a zigzag of 40 µm and 25 s each way. */
export const recordingOptions = {
  probe: "np1",
  nChannels: 100,
  durationSec: 100,
  nUnits: 60,
  motion: "rigid",
  peakToPeakUm: 40,
  periodSec: 50,
} as const satisfies Partial<SyntheticOptions>;

export async function makeWorld(
  seed: number,
  changes: Partial<SyntheticOptions>,
  detection: ParamValues,
): Promise<World> {
  const simulated = syntheticRecording({ ...recordingOptions, ...changes, seed });
  const files = syntheticTruthFiles("truth", simulated).map(({ path, bytes }) => memorySource(path, bytes));
  const truth = (await readSpikeTruth(files))!;
  const scratch = memoryScratch();
  const identity = { path: `simulated-${seed}`, bytes: 0, sha1OfFirstMb: String(seed) };
  const bare = { spikes: null, waveforms: null, recording: { reader: simulated, identity, scratch }, scratch, truth };
  const given = { ...factsOfRecording(bare), ...bare };
  const found = await runMethod("detect-localize", detection, given, seed);
  const inputs = handedOn(given, found);
  const { spikes, probe } = inputs;
  if (!spikes || !probe) throw new Error("the detection gives spikes");
  const matched = matchTruth(truth, spikes)!;
  const lastSec = spikes.timeSec[spikes.nSpikes - 1];
  const isLate = (i: number) => spikes.timeSec[i] >= TRAINED_SHARE * lastSec;
  const sets = setsOf(spikes, probe, inputs.locations ?? {}, matched);
  return {
    seed,
    inputs: { ...inputs, spikes, probe },
    sets,
    motion: truth.motion!,
    matched,
    heldOut: { truth, trueIndex: matched.trueIndex.map((t, i) => (isLate(i) ? t : -1)) },
    measuring: measuring(spikes, probe, scoreGrid([sets.get(MP)!], probe, lastSec, {}), matched),
  };
}

/** Localizers' positions, the true ones, and those that are wrong on purpose. */
function setsOf(
  spikes: SpikeTable,
  probe: ProbeSites,
  locations: Record<string, Float32Array>,
  { truth, trueIndex }: MatchedTruth,
): Map<string, PositionSet> {
  const known = (column: ArrayLike<number>) => Float64Array.from(trueIndex, (t) => (t < 0 ? Number.NaN : column[t]));
  const { xUm, yUm, zUm } = truth.spikes;
  const sets = new Map(positionSetsOf(spikes, locations).map((set) => [set.name, set]));
  const add = (name: string, set: PositionSet) => sets.set(name, { ...set, name });
  const mp = sets.get(MP)!;
  add("truth", { name: "", xUm: known(xUm), yUm: known(yUm), zUm: known(zUm) });
  const anchor = anchorPositions(spikes.channel, probe);
  if (!("positions" in anchor)) throw new Error(anchor.notPossible);
  add("anchor only", anchor.positions);
  add("MP shrunk to ¼", shrunk(mp, anchor.positions, 0.25));
  add("MP shrunk to ½", shrunk(mp, anchor.positions, 0.5));
  add("MP, x constant", xConstant(mp));
  return sets;
}

/** A method to its end, as the runner drives it. */
export async function runMethod(
  id: string,
  params: ParamValues,
  inputs: MethodInputs,
  seed: number,
  preset?: string,
): Promise<MethodResult> {
  const method = methodById(id);
  const own = method.presets.find((one) => one.id === preset)?.params;
  const context = { seed, signal: new AbortController().signal, wantsImage: () => false, resume: false };
  const run = method.run(inputs, checkParams(method, { ...own, ...params }), context);
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
    if (next.value.kind === "warning") console.error(`${method.title}: ${next.value.message}`);
  }
}

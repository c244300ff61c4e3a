import { AppError } from "../../core/errors.ts";
import { assertMotion } from "../../core/motion.ts";
import { type InterpolationOptions, TraceInterpolator } from "../../core/traceInterpolator.ts";
import type { Motion, Recording, SampleReader } from "../../core/types.ts";
import type { CorrectedRecording } from "../../protocol/correction.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { processingInWords } from "../detectLocalize/settings.ts";
import { interpolationOptions, preprocessingOf } from "./params.ts";

/** Throws AppError for a recording or a motion that cannot be applied to each other, in one sentence each. */
export function checkCorrection(recording: Recording, path: string, motion: Motion, params: ParamValues): void {
  const { nChannels, segments, probe, stream } = recording;
  assertMotion(motion);
  const all = [motion, ...(motion.byShank ?? [])];
  if (all.some(({ displacementUm }) => !displacementUm.every(Number.isFinite)))
    throw new AppError("bad-data", "Expected a motion of finite numbers to apply, found NaN or infinite ones in it.");
  if (segments.reduce((sum, s) => sum + s.nSamples, 0) === 0)
    throw new AppError("bad-data", `${path}: expected samples, found a description without its binary.`, { path });
  if (probe.positionsUm.length !== nChannels)
    throw new AppError(
      "bad-data",
      `${path}: where the ${nChannels} channels of ${probe.model || "this probe"} lie is not known; drop a probeinterface .json or a channel_locations.npy (${nChannels}, 2) together with the recording.`,
      { path },
    );
  if (stream === "lf" && params.preprocess !== "none")
    throw new AppError(
      "bad-data",
      `${path} holds the LF band, which a 300 Hz high-pass leaves nothing of; correct it without preprocessing.`,
      { path },
    );
}

/** µV of one bit where samples were floats: ±3.3 mV of spikes, ±16 mV of field potentials, both finer than any probe's. */
const FINE_UV_PER_BIT = { ap: 0.1, lf: 0.5 } as const;

/**
 * The recording as 16-bit samples can hold it. Readers give floats where a file has another number type or an offset, in
 * whatever scale that file has.
 */
export async function asSixteenBit(reader: SampleReader): Promise<Recording> {
  const { recording } = reader;
  const segment = recording.segments.findIndex(({ nSamples }) => nSamples > 0);
  if (segment < 0 || (await reader.readSamples(segment, 0, 1)) instanceof Int16Array) return recording;
  return { ...recording, uvPerBit: recording.uvPerBit.map(() => FINE_UV_PER_BIT[recording.stream]) };
}

/**
 * The result of a correction and the kernels that make it. `channels`: those that are read (connected, not bad). Throws
 * AppError when no channel stays on the probe.
 */
export function planCorrection(
  recording: Recording,
  channels: Int32Array,
  motion: Motion,
  params: ParamValues,
): { corrected: CorrectedRecording; interpolator: TraceInterpolator } {
  const options = interpolationOptions(params);
  const interpolator = new TraceInterpolator(recording.probe, channels, motion, options);
  const { targets } = interpolator;
  if (targets.length === 0)
    throw new AppError(
      "bad-data",
      `Expected channels whose tissue stays on the probe, found that all ${recording.nChannels} leave it at some time; choose the border force_extrapolate or force_zeros.`,
    );
  const preprocessing = preprocessingOf(params);
  const { probe, uvPerBit, delaySamples } = recording;
  const kept = Array.from(targets);
  const isShifted = preprocessing.phaseShift && delaySamples.length > 0;
  const corrected: CorrectedRecording = {
    channels: targets,
    note: `${processingInWords(preprocessing)}; corrected for motion by ${inWords(options)}`,
    recording: {
      ...recording,
      nChannels: kept.length,
      nSavedChannels: kept.length + recording.sync,
      uvPerBit: Float64Array.from(kept, (c) => uvPerBit[c]),
      delaySamples:
        delaySamples.length > 0
          ? Float64Array.from(kept, (c) => (isShifted ? 0 : delaySamples[c]))
          : new Float64Array(0),
      probe: {
        ...probe,
        positionsUm: kept.map((c) => probe.positionsUm[c]),
        shank: kept.map((c) => probe.shank[c]),
        connected: kept.map((c) => probe.connected[c] !== false),
      },
    },
  };
  return { corrected, interpolator };
}

function inWords({ method, border, sigmaUm, exponent, nClosest }: InterpolationOptions): string {
  const how = {
    kriging: `kriging (sigma ${typeof sigmaUm === "number" ? sigmaUm : sigmaUm.join(" by ")} um, p ${exponent})`,
    idw: `inverse distance of ${nClosest} contacts`,
    nearest: "nearest contact",
  }[method];
  const ends = {
    remove_channels: "channels that leave the probe removed",
    force_extrapolate: "extrapolated at the ends",
    force_zeros: "zeros beyond the ends",
  }[border];
  return `${how}, ${ends}`;
}

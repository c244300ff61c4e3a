import type { PeakSign } from "../../core/exclusivePeaks.ts";
import type { Recording } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { PreprocessOptions } from "../preprocess/preprocessor.ts";

/** Preprocessing as the parameters of a recipe say, with nothing excluded yet. */
export function preprocessOptions(params: ParamValues): PreprocessOptions {
  return {
    filter: params.filter as PreprocessOptions["filter"],
    lowHz: params.filter_low_hz as number,
    highHz: params.filter_high_hz as number,
    order: params.filter_order as number,
    phaseShift: params.phase_shift === "on",
    reference: params.reference as PreprocessOptions["reference"],
    excluded: [],
  };
}

/** Detection and waveforms in samples. */
export interface DetectSettings {
  threshold: number;
  sign: PeakSign;
  excludeSamples: number;
  radiusUm: number;
  nSlots: number;
  samplesBefore: number;
  nSamples: number;
  nComponents: number;
}

export function detectSettings(params: ParamValues, { rateHz, nChannels }: Recording): DetectSettings {
  const samples = (ms: unknown) => Math.max(1, Math.round(((ms as number) * rateHz) / 1000));
  const samplesBefore = samples(params.waveform_before_ms);
  const nSamples = samplesBefore + samples(params.waveform_after_ms);
  return {
    threshold: params.detect_threshold as number,
    sign: params.peak_sign as PeakSign,
    // truncated, as the reference does; a calibrated rate like 29999.76 still gives its 30 samples for 1 ms
    excludeSamples: Math.floor(((params.exclude_sweep_ms as number) * Math.round(rateHz)) / 1000),
    radiusUm: params.radius_um as number,
    nSlots: Math.min(params.waveform_channels as number, nChannels),
    samplesBefore,
    nSamples,
    nComponents: Math.min(params.tpca_components as number, nSamples),
  };
}

/** "300 Hz high-pass, phase shift, global median": preprocessing in words. */
export function processingInWords({ filter, lowHz, highHz, phaseShift, reference }: PreprocessOptions): string {
  const filters = {
    highpass: [`${lowHz} Hz high-pass`],
    bandpass: [`${lowHz} to ${highHz} Hz band-pass`],
    none: [],
  }[filter];
  const references = {
    none: [],
    global: ["global median"],
    shank: ["median per shank"],
    local: ["local median"],
  }[reference];
  const words = [...filters, ...(phaseShift ? ["phase shift"] : []), ...references];
  return words.length > 0 ? words.join(", ") : "as recorded";
}

import type { MethodInfo } from "../../protocol/methods.ts";
import { number } from "../numberParam.ts";

/** Preprocessing: names and defaults of the steps that SpikeInterface users chain before detection. */
export const preprocessParams: MethodInfo["params"] = {
  filter: {
    type: "choice",
    label: "Filter",
    unit: "",
    default: "highpass",
    options: [
      { value: "highpass", label: "high-pass" },
      { value: "bandpass", label: "band-pass" },
      { value: "none", label: "none" },
    ],
    help: "Zero-phase Butterworth filter. High-pass keeps the sharpest waveforms; band-pass also removes noise above the second frequency. None is for recordings that were filtered before.",
  },
  filter_low_hz: number({
    label: "High-pass at",
    unit: "Hz",
    default: 300,
    min: 1,
    max: 5000,
    help: "Slower signals are removed: the field potential and most movement.",
  }),
  filter_high_hz: number({
    label: "Low-pass at",
    unit: "Hz",
    default: 6000,
    min: 500,
    max: 20000,
    help: "Only for band-pass: faster signals are removed.",
    advanced: true,
  }),
  filter_order: number({
    label: "Filter order",
    unit: "",
    default: 5,
    min: 1,
    max: 10,
    integer: true,
    help: "Order of the Butterworth filter; it runs forwards and backwards, which doubles its slope and keeps spikes in place.",
    advanced: true,
  }),
  phase_shift: {
    type: "choice",
    label: "Phase shift",
    unit: "",
    default: "on",
    options: [
      { value: "on", label: "on" },
      { value: "off", label: "off" },
    ],
    help: "The probe samples its channels one after the other; this puts them at the same moment, so that a common reference removes fast artefacts on all of them.",
    advanced: true,
  },
  reference: {
    type: "choice",
    label: "Common reference",
    unit: "",
    default: "global",
    options: [
      { value: "global", label: "median of all channels" },
      { value: "shank", label: "median of each shank" },
      { value: "local", label: "median of a ring around each" },
      { value: "none", label: "none" },
    ],
    help: "What is subtracted from every sample. Local takes the channels 30 to 55 µm away.",
  },
  bad_channels: {
    type: "choice",
    label: "Bad channels",
    unit: "",
    default: "leave-out",
    options: [
      { value: "leave-out", label: "find and leave out" },
      { value: "keep", label: "keep all" },
    ],
    help: "Dead and noisy channels are found by their coherence with their neighbours and their power at high frequencies, and left out of everything. Reference sites are always left out.",
  },
};

/** Detection and waveforms. */
export const detectParams: MethodInfo["params"] = {
  detect_threshold: number({
    label: "Threshold",
    unit: "× noise",
    default: 5,
    min: 1,
    max: 50,
    help: "A peak must be this many times the noise of its channel (median absolute deviation / 0.6745). Lower finds more, and more noise.",
  }),
  peak_sign: {
    type: "choice",
    label: "Sign of peaks",
    unit: "",
    default: "neg",
    options: [
      { value: "neg", label: "negative" },
      { value: "pos", label: "positive" },
      { value: "both", label: "both" },
    ],
    help: "Spikes recorded outside a cell are mostly negative.",
    advanced: true,
  },
  exclude_sweep_ms: number({
    label: "Exclusive for",
    unit: "ms",
    default: 1,
    min: 0.1,
    max: 10,
    help: "Of several peaks closer in time than this, and closer in space than the radius, the largest counts.",
  }),
  radius_um: number({
    label: "Exclusive within",
    unit: "µm",
    default: 50,
    min: 0,
    max: 500,
    help: "Radius of the rule above, on the same shank.",
  }),
  waveform_channels: number({
    label: "Waveform channels",
    unit: "",
    default: 10,
    min: 1,
    max: 64,
    integer: true,
    help: "The nearest channels, on the same shank, on which each spike's waveform is kept.",
    advanced: true,
  }),
  waveform_before_ms: number({
    label: "Waveform before the peak",
    unit: "ms",
    default: 1,
    min: 0.1,
    max: 5,
    help: "30 samples at 30 kHz.",
    advanced: true,
  }),
  waveform_after_ms: number({
    label: "Waveform from the peak on",
    unit: "ms",
    default: 2,
    min: 0.1,
    max: 10,
    help: "60 samples at 30 kHz; with the 30 before, the 90 samples that the Spike Localization Network takes.",
    advanced: true,
  }),
  tpca_components: number({
    label: "tPCA components",
    unit: "",
    default: 8,
    min: 1,
    max: 32,
    integer: true,
    help: "Waveforms are kept as this many temporal principal components per channel, fitted on up to 5,000 spikes of this recording. Denoised = mean + projection.",
    advanced: true,
  }),
};

export const presets: MethodInfo["presets"] = [
  {
    id: "strong",
    title: "Strong spikes",
    help: "Threshold 8, 0.8 ms, 80 µm: SpikeInterface's choice ahead of DREDge. Fewer, cleaner spikes for motion.",
    params: { detect_threshold: 8, exclude_sweep_ms: 0.8, radius_um: 80 },
  },
];

export const troubleshooting: MethodInfo["troubleshooting"] = [
  {
    title: "Hardly any spikes",
    symptom: "The raster stays nearly empty.",
    advice:
      "Look at the processed traces: spikes should stand out. Lower the threshold a little; check that the AP band was recorded and that the reference is not outside the tissue.",
    params: ["detect_threshold", "reference"],
  },
  {
    title: "Vertical stripes in the raster",
    symptom: "Many channels fire at the same moment.",
    advice:
      "An artefact on all channels: movement, licking, stimulation. Keep the phase shift on and use the global median; raise the threshold for what is left.",
    params: ["phase_shift", "reference", "detect_threshold"],
  },
  {
    title: "Large spikes echo at other depths",
    symptom: "Each large spike comes with small ones far from it, at the same moment.",
    advice:
      "On fewer than about 64 channels a large spike reaches so many of them that their median carries it to the rest. Take no reference there.",
    params: ["reference"],
  },
  {
    title: "A pile of spikes at the end of the probe",
    symptom: "Spikes crowd at the lowest or highest depth, or far off to the side.",
    advice:
      "Sources beyond the last contact cannot be located well. They are counted, not clipped; the band-pass filter and a higher threshold remove most of them.",
    params: ["filter", "detect_threshold"],
  },
];

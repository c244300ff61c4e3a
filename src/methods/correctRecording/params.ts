import type { InterpolationOptions } from "../../core/traceInterpolator.ts";
import type { MethodInfo, ParamValues } from "../../protocol/methods.ts";
import { number } from "../numberParam.ts";
import type { PreprocessOptions } from "../preprocess/preprocessor.ts";

/** What can be chosen when a recording is corrected; the command line's options are these names with dashes. */
export const correctionInfo: MethodInfo = {
  id: "correct",
  title: "Corrected recording",
  summary:
    "Writes the recording as it would have been had the tissue not moved, for sorters that are told not to correct.",
  reference: "Interpolation of traces as in SpikeInterface 0.105 (Garcia et al., eNeuro 2024)",
  needs: ["recording", "motion"],
  gives: [],
  presets: [],
  troubleshooting: [],
  params: {
    preprocess: {
      type: "choice",
      label: "Preprocessing",
      unit: "",
      default: "none",
      options: [
        { value: "none", label: "none" },
        { value: "highpass", label: "high-pass and common median" },
      ],
      help: "None keeps the samples as recorded, for a sorter that filters itself. Otherwise 300 Hz high-pass, phase shift and the median of all channels, as detection has them.",
    },
    bad_channels: {
      type: "choice",
      label: "Bad channels",
      unit: "",
      default: "interpolate",
      options: [
        { value: "interpolate", label: "fill from neighbours" },
        { value: "keep", label: "take as they are" },
      ],
      help: "Dead and noisy channels would be smeared over their neighbours, so they are found first and filled in from them.",
    },
    method: {
      type: "choice",
      label: "Interpolation",
      unit: "",
      default: "kriging",
      options: [
        { value: "kriging", label: "kriging" },
        { value: "idw", label: "inverse distance" },
        { value: "nearest", label: "nearest contact" },
      ],
      help: "Kriging weighs contacts by how alike they are; the others are simpler and coarser.",
    },
    border: {
      type: "choice",
      label: "At the ends of the probe",
      unit: "",
      default: "remove_channels",
      options: [
        { value: "remove_channels", label: "remove channels" },
        { value: "force_extrapolate", label: "extrapolate" },
        { value: "force_zeros", label: "zeros" },
      ],
      help: "What becomes of channels whose tissue leaves the probe at some time.",
    },
    sigma_um: number({
      label: "Kriging reach",
      unit: "µm",
      default: 20,
      min: 1,
      max: 500,
      help: "How far contacts tell of each other.",
    }),
    sigma_x_um: number({
      label: "Kriging reach across",
      unit: "µm",
      default: 0,
      min: 0,
      max: 500,
      help: "Across the probe, where that differs from along it (as Kilosort has it); 0 is the same in all directions.",
      advanced: true,
    }),
    p: number({
      label: "Kriging exponent",
      unit: "",
      default: 1,
      min: 0.5,
      max: 2,
      help: "1 falls off exponentially, 2 as a Gaussian.",
      advanced: true,
    }),
    n_closest: number({
      label: "Contacts",
      unit: "",
      default: 3,
      min: 1,
      max: 32,
      integer: true,
      help: "Only for inverse distance: how many contacts count.",
      advanced: true,
    }),
  },
};

export function interpolationOptions(params: ParamValues): InterpolationOptions {
  const [along, across] = [params.sigma_um as number, params.sigma_x_um as number];
  return {
    method: params.method as InterpolationOptions["method"],
    border: params.border as InterpolationOptions["border"],
    sigmaUm: across > 0 ? [across, along] : along,
    exponent: params.p as number,
    nClosest: params.n_closest as number,
  };
}

/** Nothing is excluded yet. */
export function preprocessingOf(params: ParamValues): PreprocessOptions {
  const isFiltered = params.preprocess === "highpass";
  return {
    filter: isFiltered ? "highpass" : "none",
    lowHz: 300,
    highHz: 6000,
    order: 5,
    phaseShift: isFiltered,
    reference: isFiltered ? "global" : "none",
    excluded: [],
  };
}

import type { MotionWindowOptions } from "../../core/motionWindows.ts";
import type { MethodInfo, ParamValues } from "../../protocol/methods.ts";
import { number } from "../numberParam.ts";

/** The windows over depth in which motion is free, under SpikeInterface's names and with its defaults. */
export const windowParams = {
  rigid: {
    type: "boolean",
    label: "Rigid",
    unit: "",
    default: false,
    help: "One motion for all depths. Otherwise each window along the probe gets its own.",
  },
  win_shape: {
    type: "choice",
    label: "Window shape",
    unit: "",
    default: "gaussian",
    options: [
      { value: "gaussian", label: "Gaussian" },
      { value: "rect", label: "rectangle" },
      { value: "triangle", label: "triangle" },
    ],
    help: "How much a depth counts for a window, by its distance from the window's centre.",
    advanced: true,
  },
  win_step_um: number({
    label: "Window step",
    unit: "µm",
    default: 200,
    min: 1,
    max: 20000,
    help: "From one window's centre to the next. Smaller follows motion that differs along the probe more closely, from fewer spikes each.",
  }),
  win_scale_um: number({
    label: "Window scale",
    unit: "µm",
    default: 300,
    min: 1,
    max: 20000,
    help: "Standard deviation of a Gaussian window, full width of the others. Wider is steadier and smoother over depth.",
  }),
  win_margin_um: number({
    label: "Window margin",
    unit: "µm",
    default: 0,
    min: -20000,
    max: 20000,
    help: "How far windows reach beyond the contacts; negative keeps them inside. 0 is automatic: half a window scale inside.",
    advanced: true,
  }),
} as const satisfies MethodInfo["params"];

/** The parameters above as core/motionWindows wants them. */
export function windowOptions(params: ParamValues): MotionWindowOptions {
  const marginUm = params.win_margin_um as number;
  return {
    rigid: params.rigid as boolean,
    windowShape: params.win_shape as MotionWindowOptions["windowShape"],
    windowStepUm: params.win_step_um as number,
    windowScaleUm: params.win_scale_um as number,
    windowMarginUm: marginUm === 0 ? null : marginUm,
  };
}

/** What to say when the probe is too short for more than one window. */
export const oneWindow =
  "The depth range is shorter than a window and a step; one window over its middle is used: the motion is rigid.";

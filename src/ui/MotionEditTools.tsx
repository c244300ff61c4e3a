import { useMemo, useState } from "react";
import { formatCount, formatNumber } from "../app/format.ts";
import {
  addCurve,
  addEdit,
  addEdits,
  addMask,
  type EditTool,
  setEditProblem,
  useMotionEditing,
} from "../app/motionEditing.ts";
import { parsePastedCurve } from "../app/pastedCurve.ts";
import { asAppError } from "../core/errors.ts";
import { countExcursions } from "../core/motionEdits/clean.ts";
import type { Motion } from "../core/types.ts";
import { parseMotionEdits } from "../protocol/motionEdits.ts";
import { NumberInput, type NumberSpec, ToolForm, useNumberField } from "./MotionEditFields.tsx";

function spec(label: string, unit: string, value: number, min: number, max: number, help: string): NumberSpec {
  return { type: "number", label, unit, default: value, min, max, help };
}

const SPEED = spec("Above", "µm/s", 30, 0.01, 1e6, "What lies between two steps faster than this is cut.");
const SMOOTHING = spec("Then smooth", "s", 0, 0, 1e4, "Standard deviation of a Gaussian over time; 0 does not smooth.");
const SIGMA = spec("Gaussian", "s", 5, 0.001, 1e4, "Standard deviation over time.");
const FROM = spec("From", "s", 0, -1e6, 1e7, "Start of the stretch.");
const TO = spec("to", "s", 10, -1e6, 1e7, "End of the stretch.");
const SHIFT = spec("Shift by", "µm", 0, -1e5, 1e5, "The same amount at every time and depth.");
const BIN = spec("Time bins", "s", 0, 0, 1e4, "Distance between the middles of the bins; 0 keeps those there are.");
const LEVELS: NumberSpec = {
  ...spec("Depths", "", 0, 0, 1000, "Evenly from the lowest to the highest; 0 keeps those there are."),
  integer: true,
};

function CleanTool({ motion }: { motion: Motion }) {
  const speed = useNumberField("clean-speed", SPEED);
  const smoothing = useNumberField("clean-smooth", SMOOTHING);
  const count = useMemo(
    () => (speed.value === null ? null : countExcursions(motion, speed.value)),
    [motion, speed.value],
  );
  const apply = () =>
    addEdit({ kind: "clean", maxSpeedUmPerSec: speed.value ?? SPEED.default, smoothSec: smoothing.value ?? 0 });
  return (
    <ToolForm action="Clean" fields={[speed, smoothing]} onApply={apply} note={count && cutInWords(count)}>
      <NumberInput field={speed} testId="clean-speed" />
      <NumberInput field={smoothing} testId="clean-smooth" />
    </ToolForm>
  );
}

function cutInWords({ nExcursions, nCutBins, nBins }: ReturnType<typeof countExcursions>): string {
  if (nExcursions === 0) return "Nothing is faster there and back; a single step stays.";
  const times = nExcursions === 1 ? "1 excursion" : `${formatCount(nExcursions)} excursions`;
  return `Cuts ${times}: ${formatCount(nCutBins)} of ${formatCount(nBins)} values (${formatNumber((100 * nCutBins) / nBins, 2)} %).`;
}

function MaskTool() {
  const from = useNumberField("mask-from", FROM);
  const to = useNumberField("mask-to", TO);
  return (
    <ToolForm
      action="Mask"
      fields={[from, to]}
      onApply={() => addMask(from.value ?? 0, to.value ?? 0)}
      note="Drag over a stretch of time in the motion panel, or give it here. Straight lines bridge what is masked."
    >
      <NumberInput field={from} testId="mask-from" />
      <NumberInput field={to} testId="mask-to" />
    </ToolForm>
  );
}

/** At which depth a curve goes in. */
function DepthChoice({ motion, canBeNearest }: { motion: Motion; canBeNearest: boolean }) {
  const chosen = useMotionEditing((state) => state.depth);
  const depths = [...motion.depthBinCentersUm];
  const depth = typeof chosen === "number" && !depths.includes(chosen) ? "nearest" : chosen;
  return (
    <label>
      For
      <select
        value={!canBeNearest && depth === "nearest" ? "all" : depth}
        onChange={({ target }) => {
          const { value } = target;
          useMotionEditing.setState({ depth: value === "nearest" || value === "all" ? value : Number(value) });
        }}
        data-testid="edit-depth"
      >
        {canBeNearest && <option value="nearest">the nearest curve</option>}
        <option value="all">all depths together</option>
        {depths.map((um) => (
          <option key={um} value={um}>
            {formatNumber(um)} µm
          </option>
        ))}
      </select>
    </label>
  );
}

function DrawTool({ motion }: { motion: Motion }) {
  return (
    <ToolForm note="Drag along a curve in the motion panel: over the time you draw, it becomes what you draw. Shift + drag zooms.">
      <DepthChoice motion={motion} canBeNearest />
    </ToolForm>
  );
}

function PasteTool({ motion }: { motion: Motion }) {
  const [text, setText] = useState("");
  const apply = () => {
    try {
      if (text.trimStart().startsWith("{")) {
        addEdits(parseMotionEdits(text, "Pasted text"));
        return;
      }
      const curve = parsePastedCurve(text);
      if (useMotionEditing.getState().depth === "nearest") useMotionEditing.setState({ depth: "all" });
      addCurve(curve, { timeSec: curve.timeSec[0], displacementUm: curve.displacementUm[0] });
    } catch (error) {
      const expected = asAppError(error);
      if (!expected) throw error;
      setEditProblem(expected.message);
    }
  };
  return (
    <ToolForm
      action="Put in place"
      onApply={apply}
      note="One point per line, seconds and µm; a heading is passed over. Or the edits.json of an exported run."
    >
      <textarea
        className="edit-paste"
        rows={3}
        value={text}
        placeholder={"time_s, um\n12.5, 4.0\n13.5, 6.5"}
        aria-label="Curve as text: time in s, displacement in µm"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        data-testid="edit-paste"
      />
      <DepthChoice motion={motion} canBeNearest={false} />
    </ToolForm>
  );
}

function SmoothTool() {
  const sigma = useNumberField("smooth-sigma", SIGMA);
  return (
    <ToolForm
      action="Smooth"
      fields={[sigma]}
      onApply={() => addEdit({ kind: "smooth", sigmaSec: sigma.value ?? SIGMA.default })}
      note="Standard deviation of a Gaussian over time, the same at every depth."
    >
      <NumberInput field={sigma} testId="smooth-sigma" />
    </ToolForm>
  );
}

function LevelTool() {
  const shift = useNumberField("level-shift", SHIFT);
  return (
    <ToolForm
      action="Shift"
      fields={[shift]}
      onApply={() => addEdit({ kind: "shift", byUm: shift.value ?? 0 })}
      note="A motion has no zero of its own; the median over time of each depth is the usual choice."
    >
      <button type="button" className="button" onClick={() => addEdit({ kind: "zero" })} data-testid="level-zero">
        Median to 0
      </button>
      <NumberInput field={shift} testId="level-shift" />
    </ToolForm>
  );
}

function BinsTool({ motion }: { motion: Motion }) {
  const bin = useNumberField("bins-sec", BIN);
  const levels = useNumberField("bins-depths", LEVELS);
  const { timeBinCentersSec: t, depthBinCentersUm: d } = motion;
  const widthSec = t.length > 1 ? (t[t.length - 1] - t[0]) / (t.length - 1) : null;
  const every = widthSec === null ? "" : ` (one every ${formatNumber(widthSec)} s)`;
  return (
    <ToolForm
      action="Resample"
      fields={[bin, levels]}
      onApply={() => addEdit({ kind: "resample", binSec: bin.value ?? 0, nDepths: levels.value ?? 0 })}
      note={`Now ${formatCount(t.length)} times${every} × ${formatCount(d.length)} depths; 0 keeps them. Smooth before going to longer bins.`}
    >
      <NumberInput field={bin} testId="bins-sec" />
      <NumberInput field={levels} testId="bins-depths" />
    </ToolForm>
  );
}

/** The fields of the tool in hand. `motion` is what it works on. */
export function ToolFields({ tool, motion }: { tool: EditTool; motion: Motion }) {
  switch (tool) {
    case "clean":
      return <CleanTool motion={motion} />;
    case "mask":
      return <MaskTool />;
    case "draw":
      return <DrawTool motion={motion} />;
    case "paste":
      return <PasteTool motion={motion} />;
    case "smooth":
      return <SmoothTool />;
    case "level":
      return <LevelTool />;
    case "bins":
      return <BinsTool motion={motion} />;
  }
}

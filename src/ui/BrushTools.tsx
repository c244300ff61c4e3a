import { type BrushShape, brushAllSeen, setBrush, toggleBrush, useBrush } from "../app/brush.ts";
import { formatCount, formatNumber } from "../app/format.ts";
import { selectAtRandom } from "../app/selection.ts";
import { useAmplitudeUnit } from "../app/units.ts";
import type { BrushedSpikes } from "../protocol/brush.ts";
import type { PictureKind } from "../protocol/pictures.ts";
import { howBrushed } from "./stroke.ts";

const SHAPES: readonly { shape: BrushShape; name: string; key: string }[] = [
  { shape: "lasso", name: "lasso", key: "l" },
  { shape: "box", name: "box", key: "b" },
];

/** What the brushed spikes are like, in one line; what they have none of is left out. */
function brushedWords({ rows, medians, rateHz, timeRangeSec }: BrushedSpikes, ampUnit: string): string {
  const { xUm, depthUm, zUm, alpha, ampUv } = medians;
  const named: [string, number, string][] = [
    ["x", xUm, "µm"],
    ["depth", depthUm, "µm"],
    ["z", zUm, "µm"],
    ["α", alpha, "µV·µm"],
    ["amplitude", ampUv, ampUnit === "µV" ? "µV" : `(${ampUnit})`],
  ];
  const known = named.filter(([, value]) => Number.isFinite(value));
  const middle = known.map(([name, value, unit]) => `${name} ${formatNumber(value)} ${unit}`).join(", ");
  const [from, to] = timeRangeSec;
  const rate = Number.isFinite(rateHz)
    ? `; ${formatNumber(rateHz)} Hz from ${formatNumber(from)} to ${formatNumber(to)} s`
    : "";
  return `${formatCount(rows.length)} brushed, medians: ${middle}${rate}`;
}

/** Buttons that brush spikes in a picture and pick one at random. `kind`: the picture that they stand over. */
export function BrushTools({ kind }: { kind: PictureKind }) {
  const { shape: chosen, brushed } = useBrush();
  return (
    <>
      <fieldset className="segments" aria-label="Brush spikes">
        {SHAPES.map(({ shape, name, key }) => (
          <button
            key={shape}
            type="button"
            className="quiet outlined"
            aria-pressed={chosen === shape}
            title={`Brush spikes by ${name} (${key}): drag around them; shift adds, alt takes away, Esc ends`}
            onClick={() => toggleBrush(shape)}
            data-testid={`brush-${shape}-${kind}`}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <button
        type="button"
        className="quiet outlined"
        title="Brush every spike that this picture shows now; with shift to add them, with alt to take them away"
        onClick={(event) => void brushAllSeen(kind, howBrushed(event))}
        data-testid={`brush-all-${kind}`}
      >
        all seen
      </button>
      {brushed && (
        <button
          type="button"
          className="quiet outlined"
          title="Forget what is brushed (Esc)"
          onClick={() => void setBrush(null)}
          data-testid={`brush-none-${kind}`}
        >
          none
        </button>
      )}
      <button
        type="button"
        className="quiet outlined"
        title="Select a spike at random (x): of those brushed, else of those on screen"
        onClick={() => void selectAtRandom()}
        data-testid={`random-${kind}`}
      >
        random spike
      </button>
    </>
  );
}

/** What the brushed spikes are like, below the toolbar of a picture; nothing while none is. */
export function BrushedLine({ kind }: { kind: PictureKind }) {
  const brushed = useBrush((state) => state.brushed);
  const ampUnit = useAmplitudeUnit();
  if (!brushed) return null;
  const words = brushedWords(brushed, ampUnit);
  return (
    <p className="panel-note one-line" title={words} data-testid={`brushed-words-${kind}`}>
      {words}
    </p>
  );
}

import { describe, expect, it } from "vitest";
import type { Layer } from "../../src/paint/figure.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture, seenBy } from "../../src/paint/pictures.ts";
import type { DrawnMotion } from "../../src/protocol/motions.ts";
import type { EditedView } from "../../src/protocol/pictures.ts";
import { motionOf, view } from "./synthetic.ts";

const size = { widthPx: 500, heightPx: 300, pixelRatio: 1 };
const before = motionOf((t, d) => (t > 40 && t < 44 ? 300 : t / 10 + d / 100), [0, 500]);
const edited = motionOf((t, d) => t / 10 + d / 100, [0, 500]);
const drawn: DrawnMotion[] = [before, edited].map((motion, i) => ({
  id: `m${i}`,
  title: `Motion ${i}`,
  motion,
  colour: { dark: "#123456", light: "#654321" },
  isActive: i === 1,
  isTruth: false,
}));

function layers(editing: EditedView | null, motion = edited): Layer[] {
  const [plot] = buildPicture("motion", { ...noPaintData(), motion, motions: drawn }, { ...view, editing }, size).plots;
  return plot.layers;
}

const curves = (all: Layer[]) => all.flatMap((layer) => (layer.kind === "curve" ? [layer] : []));

describe("the motion picture while a motion is edited", () => {
  it("shows the edited one in its own units, what it was made from behind it, and the masks", () => {
    const all = layers({ originalId: "m0", shank: null, maskedSec: [[40, 44]] });
    const [a, b, c, d] = curves(all);
    expect(curves(all)).toHaveLength(4);
    expect([...(a.y as Float64Array)]).toContain(300);
    expect([b.y[0], c.y[0], d.y[0]]).toEqual([0.05 + 5, 0.05, 0.05 + 5]);
    expect(a.colour).toBe(b.colour);
    expect(c.colour).not.toBe(a.colour);
    const [rects] = all.flatMap((layer) => (layer.kind === "rects" ? [layer.rects] : []));
    expect(rects.map(({ x }) => x)).toEqual([[40, 44]]);
    const [plot] = buildPicture(
      "motion",
      { ...noPaintData(), motion: edited, motions: drawn },
      { ...view, editing: { originalId: "m0", shank: null, maskedSec: [] } },
      size,
    ).plots;
    expect(plot.y.range[1]).toBeLessThan(20); // the artefact that was cut has left the axis
    expect(plot.legend?.at(-1)?.label).toBe("before");
  });

  it("shows it alone when its original is gone, and the shank that is edited", () => {
    expect(curves(layers({ originalId: "gone", shank: null, maskedSec: [] }))).toHaveLength(2);
    const byShank = [motionOf(() => 3, [0]), motionOf(() => 7, [0])];
    const [one] = curves(layers({ originalId: null, shank: 1, maskedSec: [] }, { ...edited, byShank }));
    expect(one.y[0]).toBe(7);
  });

  it("is drawn again when the editing changes", () => {
    const editing: EditedView = { originalId: null, shank: null, maskedSec: [] };
    expect(seenBy("motion", { ...view, editing })).not.toBe(seenBy("motion", view));
    expect(seenBy("motion", { ...view, editing: { ...editing, maskedSec: [[1, 2]] } })).not.toBe(
      seenBy("motion", { ...view, editing }),
    );
    expect(seenBy("raster-raw", { ...view, editing })).toBe(seenBy("raster-raw", view));
  });
});

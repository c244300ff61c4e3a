import type { Range } from "../core/types.ts";
import { type MethodCell, type PictureView, TABLE_SET } from "../protocol/pictures.ts";
import { correctedDepths } from "./correctedDepths.ts";
import type { Banner, Plot } from "./figure.ts";
import { methodHeading, noMethods } from "./methodPictures.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import type { Content } from "./pictureDef.ts";
import { placedSpikes } from "./placedSpikes.ts";
import { type Projections, projectionsOf } from "./projections.ts";
import { addSpikes } from "./scatterPlot.ts";
import { fitted } from "./words.ts";

/**
 * The projections of several methods above each other, each below a banner that names it: on the same ranges, of the same width
 * and in the colours of one scale. Source of the figure: evarol/spikeLocalizationNetwork make_aggregate_3method_comparison.py.
 */

const bannerPx = 24;

/** One method's spikes with its frame. */
interface Layer {
  cell: MethodCell;
  data: PaintData;
  frame: Frame;
}

export function projectionsStack(data: PaintData, view: PictureView, frame: Frame): Content {
  const stacked = data.methods?.cells.filter(({ isStacked }) => isStacked) ?? [];
  if (stacked.length === 0 || !data.ownPlaces) return noMethods(frame, "Projections");
  const heightPx = Math.floor(frame.box.height / stacked.length);
  const banners: Banner[] = [];
  const layers = stacked.map((cell, i): Layer => {
    const { left, width } = frame.box;
    const top = frame.box.top + i * heightPx;
    const { theme } = frame;
    const text = fitted(methodHeading(cell), width - 20, theme.titlePx + 3);
    banners.push({ box: { left, top, width, height: bannerPx }, text });
    const store = frame.store.part(`${cell.set} ${cell.motionId}`);
    const box = { left, top: top + bannerPx, width, height: heightPx - bannerPx };
    return { cell, data: dataOf(cell, data, store), frame: { ...frame, box, store } };
  });
  const seen = withCommonRanges(layers, view);
  const projected = layers.map((layer) => projectionsOf(layer.data, viewOf(layer.cell, seen), layer.frame));
  const shown = projected.filter((one): one is Projections => "views" in one);
  const counts = withSpikes(shown, data, frame);
  const plots = projected.flatMap((one, i) => {
    const own = "views" in one ? one.finished(counts.get(one) ?? 0) : one.plots;
    return own.map((plot): Plot => ({ ...plot, fullTitle: layers[i].cell.title }));
  });
  return { plots, banners };
}

/** The spikes at the places of a method, corrected by its motion, as if nothing else were there. */
function dataOf({ set, name, motionId }: MethodCell, data: PaintData, store: Frame["store"]): PaintData {
  const { ownPlaces, motions, otherPlaces } = data;
  const xyza = otherPlaces.find((one) => one.set === set)?.xyza ?? null;
  const spikes = store.part("spikes").remember([ownPlaces, xyza, set], () => {
    if (set === TABLE_SET) return ownPlaces;
    return ownPlaces && xyza ? placedSpikes(ownPlaces, { name, rows: null, xyza }) : null;
  });
  const motion = motions.find(({ id }) => id === motionId)?.motion ?? null;
  const corrected = store
    .part("corrected")
    .remember([spikes, motion], () => (spikes && motion ? correctedDepths(spikes.spikes, motion) : null));
  return { ...data, spikes, motion, corrected, alphaFrom: null };
}

const viewOf = ({ motionId }: MethodCell, view: PictureView): PictureView => ({
  ...view,
  projectCorrected: motionId !== null,
});

/** Across and away from the probe, what any of them needs: only so are they of one scale. */
function withCommonRanges(layers: readonly Layer[], view: PictureView): PictureView {
  const ranges = layers.flatMap(({ cell, data, frame }) => {
    const found = projectionsOf(data, viewOf(cell, view), frame);
    return "views" in found ? [{ x: found.views[0].y.range, z: found.views[2].y.range }] : [];
  });
  if (ranges.length === 0) return view;
  const widest = (of: readonly Range[]): Range => [
    Math.min(...of.map(([low]) => low)),
    Math.max(...of.map(([, high]) => high)),
  ];
  const [x, z] = [widest(ranges.map((one) => one.x)), widest(ranges.map((one) => one.z))];
  return { ...view, freeRanges: { ...view.freeRanges, x, z } };
}

/** Draw the spikes of all in colours of one scale; gives how many the first view of each shows. */
function withSpikes(shown: readonly Projections[], { brushed }: PaintData, frame: Frame): Map<Projections, number> {
  const counts = new Map<Projections, number>();
  if (shown.length === 0) return counts;
  const store = frame.store.part("stack");
  if (shown.every(({ look }) => look.colour === "count")) {
    const views = shown.flatMap((one) => one.views);
    const reasons = shown.flatMap((one) => one.reasons);
    const all = addSpikes(views, { look: shown[0].look, brushed, reasons }, { ...frame, store });
    shown.forEach((one, i) => {
      counts.set(one, all[3 * i]);
    });
    return counts;
  }
  const limits: Range = [
    Math.min(...shown.map(({ look }) => look.scale.limits[0])),
    Math.max(...shown.map(({ look }) => look.scale.limits[1])),
  ];
  shown.forEach((one, i) => {
    const look = { ...one.look, scale: { ...one.look.scale, limits } };
    const part = { ...frame, store: store.part(String(i)) };
    counts.set(one, addSpikes(one.views, { look, brushed, reasons: one.reasons }, part)[0]);
  });
  return counts;
}

import { Painter } from "../paint/painter.ts";
import { firstView } from "../paint/view.ts";
import type { PageContents } from "../protocol/interactivePage.ts";
import type { PictureView } from "../protocol/pictures.ts";
import { alphaTitle, placesOf, positionsOf, spikesAt, waveformOf } from "./contents.ts";
import type { Model, ViewerState } from "./model.ts";
import { nearestOf } from "./nearest.ts";

function viewOf(state: ViewerState): PictureView {
  const { ranges, freeRanges, rasterColour, alphaScale, colourMap, theme, waveformLayout, orbit, selected, motion } =
    state;
  return {
    ...firstView,
    timeRangeSec: ranges.time,
    depthRangeUm: ranges.depth,
    ampRangeUv: ranges.amp,
    freeRanges,
    rasterColour,
    alphaScale,
    colourMap,
    theme,
    waveformLayout,
    orbit,
    selectedSpike: selected,
    projectCorrected: motion !== null,
  };
}

/** The painter of the workbench on this page's own thread: it draws the contents as the state says, now and whenever that changes. */
export async function startPainter(
  contents: PageContents,
  model: Model,
  fail: (error: unknown) => void,
): Promise<Painter> {
  const painter = new Painter({
    makeCanvas: (widthPx, heightPx) => new OffscreenCanvas(widthPx, heightPx),
    nextFrame: (draw) => {
      requestAnimationFrame(draw);
    },
    nowMs: () => performance.now(),
    pick: (picks, area, x, y) => nearestOf(contents.chosen, picks, area, x, y),
  });
  const [own] = contents.positions;
  const showPositions = ({ positions: id }: ViewerState) => {
    const positions = positionsOf(contents, id);
    return Promise.all([
      painter.setPositions(positions === own ? null : placesOf(contents, positions)),
      painter.setParts({ alphaFrom: alphaTitle(contents, id) }),
    ]);
  };
  const showMotion = ({ motion: id }: ViewerState) =>
    painter.setMotion(contents.motions.find((one) => one.id === id)?.motion ?? null);
  const showSpike = ({ selected }: ViewerState) =>
    painter.setParts({ waveform: selected === null ? null : waveformOf(contents, selected) });
  // every call takes effect at once: what it promises is only that it could
  const follow = (now: ViewerState, before: ViewerState | null) =>
    Promise.all([
      now.positions !== before?.positions && showPositions(now),
      now.motion !== before?.motion && showMotion(now),
      now.selected !== before?.selected && showSpike(now),
      painter.setView(viewOf(now)),
    ]);
  await painter.setSpikes(spikesAt(contents, own));
  await painter.setParts({ sorting: contents.sorting });
  const { probe, anchors } = contents;
  const monopolar = contents.positions.find(({ id }) => id === "monopolar");
  await painter.setParts({ probe, anchors, monopolar: monopolar ? placesOf(contents, monopolar).xyza : null });
  await painter.setMotions(contents.motions);
  await follow(model.get(), null);
  model.subscribe((now, before) => {
    follow(now, before).catch(fail);
  });
  return painter;
}

import { messageOf } from "../core/errors.ts";
import type { PageContents } from "../protocol/interactivePage.ts";
import { readContents } from "./contents.ts";
import { about, controls, shownLine, spikeInfo, waveformNote } from "./controls.ts";
import { el } from "./dom.ts";
import { listenToKeys } from "./keys.ts";
import { createModel, firstState, type Model } from "./model.ts";
import { startPainter } from "./painting.ts";
import { type PanelSpec, panel, type Surroundings } from "./panels.ts";
import { styleText } from "./style.ts";

/** The script of an exported page: it finds its data in the page, shows them, and asks nobody for anything. */

const projections: PanelSpec = {
  kind: "projections",
  title: "Projections",
  label: "Spikes from three sides, in µm: x over depth, x over z, z over depth, with the contacts of the probe.",
  help: "Where the spikes of the time on screen are: along the probe to the right, across it (x) above and away from it (z) below. Squares are contacts.",
};
const rawRaster: PanelSpec = {
  kind: "raster-raw",
  title: "Raster, as recorded",
  label: "Depth of every spike over time, as recorded.",
  help: "A unit is a band along time; where all bands bend together the tissue has moved. Curves are the motion that was estimated.",
};
const correctedRaster: PanelSpec = {
  kind: "raster-corrected",
  title: "Raster, corrected",
  label: "Depth of every spike over time, with the motion taken out.",
  help: "The same spikes with the motion taken out: bands should be straight.",
};
const localPairs: PanelSpec = {
  kind: "local-pairs",
  title: "Local pairs",
  label:
    "Six scatter plots of spikes as seen from the middle of their channels: local x, local y and z in µm and log α, each over each.",
  help: "Each spike counted from its anchor, the middle of its channels, without any motion taken out. Smooth clouds are what neurons around a probe give; lines and lattices mean that a localizer prefers some places relative to its contacts.",
};
const waveform: PanelSpec = {
  kind: "waveform",
  title: "Waveform",
  label: "Waveform of the selected spike on the channels around it, and where every localizer puts it.",
  help: "Thin as read and preprocessed, thick as the principal components describe it. Marks are where each localizer puts the spike.",
};
const space: PanelSpec = {
  kind: "spike-3d",
  title: "Local frame, 3-D",
  label:
    "The selected spike in space: contacts and waveforms in the plane of the probe, each localizer's place at its distance. Drag or arrow keys turn it.",
  help: "From the anchor: l_x across the probe, l_y up it, l_z away from it. Each localizer's place stands above its foot. Drag or arrow keys turn it, the wheel zooms, a double click brings it back.",
};

/** The raster of whatever is on screen: corrected while a motion is. */
function raster(around: Surroundings): HTMLElement[] {
  const [raw, corrected] = [panel(rawRaster, around), panel(correctedRaster, around)];
  const show = () => {
    raw.hidden = around.model.get().motion !== null;
    corrected.hidden = !raw.hidden;
  };
  show();
  around.model.subscribe(show);
  return [raw, corrected];
}

function page(contents: PageContents, around: Surroundings, model: Model): HTMLElement[] {
  const pictures = contents.waveforms ? [panel(waveform, around), panel(space, around)] : [];
  const main = el(
    "main",
    contents.anchors ? {} : { class: "no-pairs" },
    panel(projections, around),
    ...(contents.anchors ? [panel(localPairs, around)] : []),
    ...raster(around),
    el("div", { class: "side" }, spikeInfo(contents, model), ...pictures, ...waveformNote(contents)),
  );
  const [bar, line] = [controls(contents, model), shownLine(contents, model)];
  return [el("header", {}, bar, line), main, el("footer", {}, about(contents))];
}

/** Put what went wrong on the page. */
function fail(error: unknown): void {
  console.error(error);
  document.body.prepend(el("p", { class: "failure", role: "alert" }, messageOf(error)));
}

async function start(): Promise<void> {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styleText);
  document.adoptedStyleSheets = [sheet];
  const data = document.getElementById("driftscope-data");
  const contents = readContents(data?.textContent?.trim() ?? "");
  data?.remove(); // megabytes of text that nobody reads again
  const model = createModel(firstState(contents));
  const showTheme = () => {
    document.documentElement.dataset.theme = model.get().theme;
  };
  showTheme();
  model.subscribe(showTheme);
  const painter = await startPainter(contents, model, fail);
  document.body.append(...page(contents, { contents, model, painter, fail }, model));
  listenToKeys(contents, model);
}

start().catch(fail);

import { messageOf } from "../core/errors.ts";
import type { PageContents } from "../protocol/interactivePage.ts";
import { readContents } from "./contents.ts";
import { about, controls, shownLine, spikeInfo, waveformNote } from "./controls.ts";
import { el } from "./dom.ts";
import { listenToKeys } from "./keys.ts";
import { createModel, firstState, type Model } from "./model.ts";
import { startPainter } from "./painting.ts";
import { panelSpecs } from "./panelSpecs.ts";
import { panel, type Surroundings } from "./panels.ts";
import { styleText } from "./style.ts";

/** The script of an exported page: it finds its data in the page, shows them, and asks nobody for anything. */

/** The raster of whatever is on screen: corrected while a motion is. */
function raster(around: Surroundings): HTMLElement[] {
  const [raw, corrected] = [panel(panelSpecs.rawRaster, around), panel(panelSpecs.correctedRaster, around)];
  const show = () => {
    raw.hidden = around.model.get().motion !== null;
    corrected.hidden = !raw.hidden;
  };
  show();
  around.model.subscribe(show);
  return [raw, corrected];
}

function page(contents: PageContents, around: Surroundings, model: Model): HTMLElement[] {
  const pictures = contents.waveforms ? [panel(panelSpecs.waveform, around), panel(panelSpecs.space, around)] : [];
  const hasPlaces = contents.positions.some(({ xUm }) => xUm !== null);
  const hasPairs = hasPlaces && contents.anchors !== null;
  const main = el(
    "main",
    { class: hasPairs ? "pairs" : hasPlaces ? "places" : "depths" },
    ...(hasPlaces ? [panel(panelSpecs.projections, around)] : []),
    ...(hasPairs ? [panel(panelSpecs.localPairs, around)] : []),
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

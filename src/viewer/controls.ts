import { sequentialMaps } from "../paint/colourMaps.ts";
import type { PageContents } from "../protocol/interactivePage.ts";
import type { SpikeColour } from "../protocol/pictures.ts";
import type { WaveformLayout } from "../protocol/waveformLayout.ts";
import { el } from "./dom.ts";
import { type Model, resetRanges, stepSelection, type ViewerState } from "./model.ts";
import { panelSpecs } from "./panelSpecs.ts";
import { aboutFacts, type Fact, rhoInWords, shownInWords, spikeFacts } from "./words.ts";

/** Everything on the page that is no picture. */

interface Choice {
  value: string;
  text: string;
}

/** A labelled choice that follows the state. */
function choice(
  label: string,
  testId: string,
  model: Model,
  options: (state: ViewerState) => readonly Choice[],
  of: (state: ViewerState) => string,
  take: (value: string) => Partial<ViewerState>,
): HTMLElement {
  const select = el("select", { "data-testid": testId });
  const show = (state: ViewerState) => {
    const wanted = options(state);
    const isSame = wanted.length === select.options.length && wanted.every((o, i) => select.options[i].text === o.text);
    if (!isSame) select.replaceChildren(...wanted.map(({ value, text }) => el("option", { value }, text)));
    select.value = of(state);
  };
  select.addEventListener("change", () => model.set(take(select.value)));
  show(model.get());
  model.subscribe(show);
  return el("label", {}, label, select);
}

/** What colours can say: a name of a choice, its words, and what it makes of the state. */
const colours: readonly { id: string; text: string; of: Pick<ViewerState, "rasterColour" | "alphaScale"> }[] = [
  { id: "alpha", text: "log₁₀ α", of: { rasterColour: "alpha", alphaScale: "fixed" } },
  { id: "alpha-percentiles", text: "log₁₀ α, 1–99 %", of: { rasterColour: "alpha", alphaScale: "percentiles" } },
  { id: "amplitude", text: "amplitude", of: { rasterColour: "amplitude", alphaScale: "fixed" } },
  { id: "z", text: "z", of: { rasterColour: "z", alphaScale: "fixed" } },
  { id: "time", text: "time", of: { rasterColour: "time", alphaScale: "fixed" } },
  { id: "displacement", text: "distance from monopolar", of: { rasterColour: "displacement", alphaScale: "fixed" } },
  { id: "unit", text: "unit", of: { rasterColour: "unit", alphaScale: "fixed" } },
  { id: "count", text: "number", of: { rasterColour: "count", alphaScale: "fixed" } },
];

const layouts: readonly { value: WaveformLayout; text: string }[] = [
  { value: "auto", text: "as fits" },
  { value: "to-scale", text: "to scale" },
  { value: "roomy", text: "roomy" },
];

function layoutChoice(model: Model): HTMLElement {
  return choice(
    "waveforms",
    "layout",
    model,
    () => layouts,
    (state) => state.waveformLayout,
    (value) => ({ waveformLayout: value as WaveformLayout }),
  );
}

/** The choices of colours that these positions have something for. */
function coloursOf({ positions, spikes }: PageContents): typeof colours {
  const has: Partial<Record<SpikeColour, boolean>> = {
    alpha: positions.some(({ logAlpha }) => logAlpha !== null),
    z: positions.some(({ zUm }) => zUm !== null),
    unit: spikes.unit !== undefined,
    displacement: positions.length > 1 && positions.some(({ id }) => id === "monopolar"),
  };
  return colours.filter(({ of }) => has[of.rasterColour] !== false);
}

/** Positions, motion and colours; previous and next spike; the whole view; dark or light. */
export function controls(contents: PageContents, model: Model): HTMLElement {
  const { positions, motions } = contents;
  const ofColours = coloursOf(contents);
  const button = (text: string, title: string, testId: string, onclick: () => void) =>
    // a sign is no name; a word is its own
    el(
      "button",
      { type: "button", title, "aria-label": text.length === 1 && title, "data-testid": testId, onclick },
      text,
    );
  return el(
    "div",
    { class: "bar", role: "toolbar", "aria-label": "View" },
    el("h1", { title: contents.about.dataset }, contents.about.name),
    choice(
      "positions",
      "positions",
      model,
      ({ motion }) =>
        positions.map(({ id, title }) => ({ value: id, text: `${title}, ${rhoInWords(contents, id, motion)}` })),
      (state) => state.positions,
      (id) => ({ positions: id }),
    ),
    choice(
      "motion",
      "motion",
      model,
      ({ positions: id }) => [
        { value: "", text: `as recorded, ${rhoInWords(contents, id, null)}` },
        ...motions.map((one) => ({ value: one.id, text: `${one.title}, ${rhoInWords(contents, id, one.id)}` })),
      ],
      (state) => state.motion ?? "",
      (id) => ({ motion: id === "" ? null : id }),
    ),
    choice(
      "colour",
      "colour",
      model,
      () => ofColours.map(({ id, text }) => ({ value: id, text })),
      ({ rasterColour, alphaScale }) =>
        ofColours.find(({ of }) => of.rasterColour === rasterColour && of.alphaScale === alphaScale)?.id ?? "amplitude",
      (value) => ofColours.find(({ id }) => id === value)?.of ?? {},
    ),
    choice(
      "map",
      "map",
      model,
      () => sequentialMaps.map((name) => ({ value: name, text: name })),
      (state) => state.colourMap,
      (colourMap) => ({ colourMap }),
    ),
    ...(contents.waveforms ? [layoutChoice(model)] : []),
    el("span", { class: "grow" }),
    button("‹", "Previous spike ([)", "previous", () => stepSelection(model, contents, -1)),
    button("›", "Next spike (])", "next", () => stepSelection(model, contents, 1)),
    button("Show all", "Show everything (0, or a double click)", "reset", () => resetRanges(model, contents)),
    button("◐", "Dark or light (t)", "theme", () => toggleTheme(model)),
  );
}

export function toggleTheme(model: Model): void {
  model.set({ theme: model.get().theme === "dark" ? "light" : "dark" });
}

function list(facts: readonly Fact[]): Node[] {
  return facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
}

/** The sentence of what is on screen. */
export function shownLine(contents: PageContents, model: Model): HTMLElement {
  const line = el("p", { class: "shown", role: "status", "data-testid": "shown" });
  const show = (state: ViewerState) => {
    line.textContent = shownInWords(contents, state);
  };
  show(model.get());
  model.subscribe(show);
  return line;
}

/** What there is to say of the selected spike. */
export function spikeInfo(contents: PageContents, model: Model): HTMLElement {
  const facts = el("dl", { class: "facts", "data-testid": "spike-info", "aria-live": "polite" });
  const show = (state: ViewerState) => {
    const found = spikeFacts(contents, state);
    facts.replaceChildren(...list(found.length > 0 ? found : [["spike", "click one, or press ]"]]));
  };
  show(model.get());
  model.subscribe((now, before) => {
    if (now.selected !== before.selected || now.positions !== before.positions) show(now);
  });
  return facts;
}

/** What a person should know about the samples of the waveforms; nothing where there is nothing. */
export function waveformNote({ waveforms, whyNoWaveforms }: PageContents): HTMLElement[] {
  const note = waveforms ? waveforms.note : whyNoWaveforms;
  return note ? [el("p", { class: "note" }, note)] : [];
}

/** What this page is, how to use it and where it comes from. */
export function about(contents: PageContents): HTMLElement {
  return el(
    "details",
    { class: "about", "data-testid": "about" },
    el("summary", {}, "What is this?"),
    el(
      "p",
      {},
      "Spikes of one recording, each where a localizer puts it: along the probe, across it and away from it. Everything is inside this file: it needs no network and sends nothing anywhere. Click anywhere in a picture: the nearest of the spikes that can be clicked is ringed in every picture, and its waveform stands at the right.",
    ),
    el(
      "p",
      {},
      "Wheel zooms (with shift up and down only, with alt across only), drag moves, shift-drag zooms into a box, double click shows everything. Keys: [ and ] previous and next spike, 0 everything, + and − zoom, arrows move, c next colour map, t dark or light, Esc selects none.",
    ),
    el(
      "p",
      {},
      "ρ̄ is the mean correlation of the spikes' histograms of all pairs of time bins: it says how well they repeat, not how accurate the positions are.",
    ),
    el("dl", { class: "facts" }, ...list(Object.values(panelSpecs).map(({ title, help }): Fact => [title, help]))),
    el("dl", { class: "facts" }, ...list(aboutFacts(contents))),
  );
}

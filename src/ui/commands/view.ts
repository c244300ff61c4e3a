import { saveBrushed, setBrush, toggleBrush, useBrush } from "../../app/brush.ts";
import { copyLink } from "../../app/linkSync.ts";
import { nameOfLocalizer } from "../../app/localizerNames.ts";
import { choosePositions, knownPositions, usePositions } from "../../app/positions.ts";
import { getResults } from "../../app/results.ts";
import { clearSelection, selectAtRandom, stepSelection, zoomToSelection } from "../../app/selection.ts";
import { chooseSpikeColour } from "../../app/spikeColour.ts";
import { chooseLabel, labelsOf, stepUnit, useUnits } from "../../app/units.ts";
import { redo, undo, undoWords } from "../../app/viewHistory.ts";
import { COLOUR_MAPS, nextColourMap, panBy, resetView, toggleTheme, useView, zoomCentre } from "../../app/viewStore.ts";
import { spikeColours } from "../../protocol/pictures.ts";
import { COLOUR_TITLES, hasColour } from "../ColourControls.tsx";
import { type Command, key } from "./command.ts";

const PAN = 0.1;
const ZOOM = 0.8;
const MOVE = "move by a tenth of the screen; a picture with the focus along its own axes";
const ZOOM_ROW = "zoom in and out";
const STEP = "previous and next spike; with none selected, the one at the middle of the time shown";

const needsSpikes = () => (getResults().spikes ? null : "There are no spikes yet.");
const needsSelection = () => {
  const { selected, selectedChannel } = useView.getState();
  return selected || selectedChannel !== null ? null : "No spike and no channel is selected.";
};

export const viewCommands: readonly Command[] = [
  { id: "left", title: "Earlier", keys: [key("ArrowLeft", "←")], row: MOVE, run: () => panBy("time", -PAN) },
  { id: "right", title: "Later", keys: [key("ArrowRight", "→")], row: MOVE, run: () => panBy("time", PAN) },
  { id: "up", title: "Higher up the probe", keys: [key("ArrowUp", "↑")], row: MOVE, run: () => panBy("depth", PAN) },
  {
    id: "down",
    title: "Lower down the probe",
    keys: [key("ArrowDown", "↓")],
    row: MOVE,
    run: () => panBy("depth", -PAN),
  },
  {
    id: "zoom-in",
    title: "Zoom in",
    keys: [key("[Shift]++", "+"), key("=", "=")],
    row: ZOOM_ROW,
    run: () => zoomCentre(["time", "depth"], ZOOM),
  },
  {
    id: "zoom-out",
    title: "Zoom out",
    keys: [key("-", "−")],
    row: ZOOM_ROW,
    run: () => zoomCentre(["time", "depth"], 1 / ZOOM),
  },
  { id: "show-all", title: "Show everything", keys: [key("0")], words: "reset zoom", run: resetView },
  {
    id: "undo",
    title: "Undo",
    keys: [key("$mod+z", "ctrl + z")],
    now: () => undoWords().undo,
    whyNot: () => (undoWords().undo === null ? "Nothing has been changed yet." : null),
    run: undo,
  },
  {
    id: "redo",
    title: "Redo",
    keys: [key("$mod+Shift+z", "ctrl + shift + z"), key("$mod+y", "ctrl + y")],
    now: () => undoWords().redo,
    whyNot: () => (undoWords().redo === null ? "Nothing has been undone." : null),
    run: redo,
  },
  {
    id: "previous-spike",
    title: "Previous spike",
    keys: [key("[")],
    row: STEP,
    whyNot: needsSpikes,
    run: () => void stepSelection(-1),
  },
  {
    id: "next-spike",
    title: "Next spike",
    keys: [key("]")],
    row: STEP,
    whyNot: needsSpikes,
    run: () => void stepSelection(1),
  },
  {
    id: "random-spike",
    title: "A spike at random, of those brushed or else on screen",
    keys: [key("x")],
    whyNot: needsSpikes,
    run: () => void selectAtRandom(),
  },
  {
    id: "zoom-selection",
    title: "Zoom into the depths around the selected spike or channel",
    keys: [key("z")],
    whyNot: needsSelection,
    run: zoomToSelection,
  },
  { id: "select-none", title: "Select nothing", whyNot: needsSelection, run: clearSelection },
  { id: "next-map", title: "Next colour map", keys: [key("c")], run: nextColourMap },
  { id: "theme", title: "Dark or light", keys: [key("t")], words: "theme mode night", run: toggleTheme },
  {
    id: "motion-over-spikes",
    title: "Motion over the spikes, or not",
    words: "show hide curves",
    run: () => useView.setState((state) => ({ showMotion: !state.showMotion })),
  },
  {
    id: "project-corrected",
    title: "Projections raw or corrected",
    run: () => useView.setState((state) => ({ projectCorrected: !state.projectCorrected })),
  },
  {
    id: "copy-link",
    title: "Copy a link to this view",
    words: "share address url",
    whyNot: () => (getResults().spikes || useView.getState().bounds.time[1] > 1 ? null : "Nothing is open yet."),
    run: () => void copyLink(),
  },
].map((command) => ({ group: "View" as const, ...command }));

const needsUnits = () => (useUnits.getState().rows.length > 0 ? null : "The spikes on screen are not sorted.");
const UNIT_ROW = "next and previous unit of the list, whose spikes then stand out";

export const unitCommands: readonly Command[] = [
  { id: "next-unit", title: "Next unit", keys: [key("g")], row: UNIT_ROW, run: () => stepUnit(1) },
  {
    id: "previous-unit",
    title: "Previous unit",
    keys: [key("Shift+g", "shift + g")],
    row: UNIT_ROW,
    run: () => stepUnit(-1),
  },
].map((command) => ({ group: "View" as const, whyNot: needsUnits, ...command }));

const needsBrush = () => (useBrush.getState().brushed ? null : "No spikes are brushed.");

export const brushCommands: readonly Command[] = [
  { id: "brush-lasso", title: "Brush spikes by lasso, or end that", keys: [key("l")], run: () => toggleBrush("lasso") },
  { id: "brush-box", title: "Brush spikes by box, or end that", keys: [key("b")], run: () => toggleBrush("box") },
  { id: "brush-none", title: "Forget what is brushed", whyNot: needsBrush, run: () => void setBrush(null) },
  {
    id: "brush-csv",
    title: "Save the brushed spikes as a table (.csv)",
    words: "export",
    whyNot: needsBrush,
    run: () => void saveBrushed("csv"),
  },
  {
    id: "brush-npy",
    title: "Save the rows of the brushed spikes (.npy)",
    words: "export",
    whyNot: needsBrush,
    run: () => void saveBrushed("npy"),
  },
].map((command) => ({ group: "Brush" as const, whyNot: needsSpikes, once: true, ...command }));

/** Choices among what there is at this moment. */
export function viewChoices(): Command[] {
  const maps = COLOUR_MAPS.map(
    (name): Command => ({
      id: `map-${name}`,
      group: "View",
      title: `Colour map: ${name}`,
      run: () => useView.setState({ colourMap: name }),
    }),
  );
  const colours = spikeColours.map(
    (colour): Command => ({
      id: `colour-${colour}`,
      group: "View",
      title: `Colour by ${COLOUR_TITLES[colour]}`,
      whyNot: () => needsSpikes() ?? (hasColour(colour) ? null : "These spikes have nothing to be coloured so by."),
      run: () => chooseSpikeColour(colour),
    }),
  );
  const names = Object.keys(knownPositions());
  const positions = names.map(
    (name): Command => ({
      id: `positions-${name}`,
      group: "View",
      title: `Positions: ${nameOfLocalizer(name)}`,
      run: () => choosePositions(name),
    }),
  );
  const newest: Command = {
    id: "positions-newest",
    group: "View",
    title: "Positions: the newest there are",
    whyNot: () => (usePositions.getState().chosen === null ? "They are shown already." : null),
    run: () => choosePositions(null),
  };
  const labels = labelsOf(useUnits.getState().rows).map(
    ({ label }): Command => ({
      id: `label-${label}`,
      group: "View",
      title: `Units: only ${label}`,
      words: "filter cluster group highlight",
      run: () => void chooseLabel(label),
    }),
  );
  return [...maps, ...colours, ...labels, ...(names.length > 1 ? [newest, ...positions] : [])];
}

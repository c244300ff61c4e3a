import { formatRange } from "../app/format.ts";
import { nameInTraining, nameOfLocalizer } from "../app/localizerNames.ts";
import { choosePositions, knownPositions, ownPositions, usePositions } from "../app/positions.ts";
import { getResults, useResultVersion } from "../app/results.ts";
import { resetView, useView } from "../app/viewStore.ts";
import { ColourControls } from "./ColourControls.tsx";

/** Whose positions every picture shows. */
function Positions() {
  useResultVersion("run");
  useResultVersion("spikes");
  const { chosen, live } = usePositions();
  const known = knownPositions();
  const names = Object.keys(known);
  if (names.length < 2 && !live) return null;
  const own = ownPositions(known, getResults().spikes);
  const newest = live ? nameInTraining(live.localizer) : own ? nameOfLocalizer(own) : "as opened";
  return (
    <label>
      positions{" "}
      <select
        value={chosen !== null && chosen in known ? chosen : ""}
        title="Whose positions every picture shows; the first are those in use, from which steps start"
        onChange={(event) => choosePositions(event.target.value || null)}
        className="wide"
        data-testid="positions"
      >
        <option value="">{newest}</option>
        {names
          .filter((name) => name !== own || live)
          .map((name) => (
            <option key={name} value={name}>
              {nameOfLocalizer(name)}
            </option>
          ))}
      </select>
    </label>
  );
}

/** The view that all panels share: ranges in words, colours, and whether the motion is drawn over the spikes. */
export function ViewBar() {
  const { ranges, showMotion } = useView();
  return (
    <div className="viewbar">
      <span data-testid="view-time">time {formatRange(ranges.time, "s")}</span>
      <span data-testid="view-depth">depth {formatRange(ranges.depth, "µm")}</span>
      <button type="button" className="quiet" onClick={resetView} title="Show everything (0)">
        show all
      </button>
      <span className="grow" />
      <Positions />
      <ColourControls />
      <label>
        <input
          type="checkbox"
          checked={showMotion}
          onChange={(event) => useView.setState({ showMotion: event.target.checked })}
        />{" "}
        motion over spikes
      </label>
    </div>
  );
}

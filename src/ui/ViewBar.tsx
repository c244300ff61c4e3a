import { formatRange } from "../app/format.ts";
import { COLOUR_MAPS, resetView, useView } from "../app/viewStore.ts";
import { resetLayout } from "./layout.ts";

/** The view that all panels share: ranges in words, colours, and whether the motion is drawn over the spikes. */
export function ViewBar() {
  const { ranges, rasterColour, colourMap, showMotion } = useView();
  return (
    <div className="viewbar">
      <span data-testid="view-time">time {formatRange(ranges.time, "s")}</span>
      <span data-testid="view-depth">depth {formatRange(ranges.depth, "µm")}</span>
      <button type="button" className="quiet" onClick={resetView} title="Show everything (0)">
        show all
      </button>
      <span className="grow" />
      <label>
        colour by{" "}
        <select
          value={rasterColour}
          onChange={(event) =>
            useView.setState({ rasterColour: event.target.value === "count" ? "count" : "amplitude" })
          }
        >
          <option value="amplitude">mean amplitude</option>
          <option value="count">number of spikes</option>
        </select>
      </label>
      <label>
        map{" "}
        <select value={colourMap} onChange={(event) => useView.setState({ colourMap: event.target.value })}>
          {COLOUR_MAPS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={showMotion}
          onChange={(event) => useView.setState({ showMotion: event.target.checked })}
        />{" "}
        motion over spikes
      </label>
      <button type="button" className="quiet" onClick={resetLayout} title="Put every panel back where it starts">
        reset layout
      </button>
    </div>
  );
}

import { knownPositions } from "../app/positions.ts";
import { getResults, useResultVersion } from "../app/results.ts";
import { isSorted, useSession } from "../app/sessionStore.ts";
import { chooseSpikeColour } from "../app/spikeColour.ts";
import { COLOUR_MAPS, useView } from "../app/viewStore.ts";
import { isSpikeColour, type SpikeColour } from "../protocol/pictures.ts";
import { Menu } from "./Menu.tsx";

export const COLOUR_TITLES: Record<SpikeColour, string> = {
  amplitude: "amplitude",
  alpha: "log α",
  z: "z",
  time: "time",
  displacement: "displacement",
  count: "number of spikes",
  unit: "unit",
};

const DISPLACEMENT_HELP =
  "Distance of each spike from where the monopolar fit has it; for positions of the monopolar fit itself, how far the motion moves it";

/** Whether the spikes on screen can be coloured so. */
export function hasColour(colour: SpikeColour): boolean {
  const { spikes, motion } = getResults();
  const has: Record<SpikeColour, boolean> = {
    amplitude: true,
    alpha: spikes?.alpha !== undefined || "monopolar" in knownPositions(),
    z: spikes?.zUm !== undefined,
    time: true,
    displacement: motion !== null || "monopolar" in knownPositions(),
    count: true,
    unit: isSorted(useSession.getState()),
  };
  return has[colour];
}

/** What the spikes on screen can be coloured by. */
function useColours(): SpikeColour[] {
  useResultVersion("spikes");
  useResultVersion("run");
  useResultVersion("motion");
  const chosen = useView((state) => state.rasterColour);
  return (Object.keys(COLOUR_TITLES) as SpikeColour[]).filter((colour) => hasColour(colour) || colour === chosen);
}

/** What of the values is shown, and between which limits. */
function Scale() {
  const { rasterColour, alphaScale, strongestOnTop } = useView();
  return (
    <Menu label="scale" className="quiet" testId="colour-scale">
      <div className="menu-column">
        {rasterColour === "alpha" && (
          <label>
            limits{" "}
            <select
              value={alphaScale}
              onChange={(event) =>
                useView.setState({ alphaScale: event.target.value === "percentiles" ? "percentiles" : "fixed" })
              }
              className="wide"
              title="The same for every recording, or by the values of these spikes"
              data-testid="alpha-scale"
            >
              <option value="fixed">2.95 to 3.88</option>
              <option value="percentiles">1st to 99th percentile</option>
            </select>
          </label>
        )}
        <label>
          <input
            type="checkbox"
            checked={strongestOnTop}
            onChange={(event) => useView.setState({ strongestOnTop: event.target.checked })}
            data-testid="strongest-on-top"
          />{" "}
          strongest on top: a cell shows the largest value of its spikes in place of the mean
        </label>
      </div>
    </Menu>
  );
}

/** How the spikes of every picture are coloured. */
export function ColourControls() {
  const { rasterColour, colourMap } = useView();
  const colours = useColours();
  return (
    <>
      <label title={rasterColour === "displacement" ? DISPLACEMENT_HELP : undefined}>
        colour by{" "}
        <select
          value={rasterColour}
          onChange={(event) => {
            if (isSpikeColour(event.target.value)) chooseSpikeColour(event.target.value);
          }}
          data-testid="raster-colour"
        >
          {colours.map((colour) => (
            <option key={colour} value={colour}>
              {COLOUR_TITLES[colour]}
            </option>
          ))}
        </select>
      </label>
      {rasterColour !== "unit" && (
        <label>
          map{" "}
          <select value={colourMap} onChange={(event) => useView.setState({ colourMap: event.target.value })}>
            {COLOUR_MAPS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      {rasterColour !== "count" && rasterColour !== "unit" && <Scale />}
    </>
  );
}

import { showMethod } from "../../app/methodGrid.ts";
import { useSession } from "../../app/sessionStore.ts";
import { chooseFigures, useView } from "../../app/viewStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { GridRoom, gridHeightPx } from "../../ui/GridRoom.tsx";
import { MethodControls } from "../../ui/MethodControls.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { useMethodGrid } from "../../ui/useMethodGrid.ts";

const MAPS = [
  { map: "magma", title: "Magma" },
  { map: "reds", title: "Reds" },
] as const;

function GridCorrelation() {
  const hasSpikes = useSession((state) => state.spikes !== null);
  const { rows, cells } = useMethodGrid();
  const gridMap = useView((state) => state.figures.gridMap);
  if (!hasSpikes)
    return <Empty>Spikes fill this panel: the correlations of every set of positions with every motion.</Empty>;
  return (
    <div className="panel-body">
      <div className="panel-toolbar">
        <MethodControls withMatrices panelId="grid-correlation" />
        <span className="grow" />
        <fieldset className="segments" aria-label="Colours of the matrices">
          {MAPS.map(({ map, title }) => (
            <button
              key={map}
              type="button"
              className="quiet outlined"
              aria-pressed={gridMap === map}
              onClick={() => chooseFigures({ gridMap: map })}
              data-testid={`grid-map-${map}`}
            >
              {title}
            </button>
          ))}
        </fieldset>
      </div>
      <GridRoom heightPx={gridHeightPx(rows.length)}>
        <CanvasHost
          kind="grid-correlation"
          label="Correlations of every two time bins, 0 to 1, over time in s both ways: a row of matrices for each set of positions, a column for each motion."
          onPlot={(index) => {
            const cell = cells[index];
            if (cell) showMethod(cell);
          }}
        />
      </GridRoom>
    </div>
  );
}

export const gridCorrelation: PanelDef = {
  id: "grid-correlation",
  title: "Correlation grid",
  help: "How alike the histograms of every two time bins are: a row for each set of positions, a column for each shown motion, the first without. All on one grid and on colours from 0 to 1, so that they can be compared; ρ̄ in the titles is the mean off the diagonal. Even and bright is good repeatability; blocks and stripes are moments at which the spikes stand elsewhere. Click a matrix, and every panel shows that method; with the keyboard the same is done in Methods.",
  place: { beside: "correlation", where: "within" },
  component: GridCorrelation,
};

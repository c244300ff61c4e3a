import { showMethod } from "../../app/methodGrid.ts";
import { useSession } from "../../app/sessionStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { GridRoom, gridHeightPx } from "../../ui/GridRoom.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { useMethodGrid } from "../../ui/useMethodGrid.ts";

function GridRaster() {
  const hasSpikes = useSession((state) => state.spikes !== null);
  const { rows, cells } = useMethodGrid();
  if (!hasSpikes) return <Empty>Spikes fill this panel: the raster of every set of positions with every motion.</Empty>;
  return (
    <div className="panel-body">
      <GridRoom heightPx={gridHeightPx(rows.length)}>
        <CanvasHost
          kind="grid-raster"
          label="Spikes over time in s and depth in µm, weighted by amplitude: a row of histograms for each set of positions, a column for each motion."
          onPlot={(index) => {
            const cell = cells[index];
            if (cell) showMethod(cell);
          }}
        />
      </GridRoom>
    </div>
  );
}

export const gridRaster: PanelDef = {
  id: "grid-raster",
  title: "Raster grid",
  help: "Depth over time, each cell the sum of the amplitudes of its spikes: a row for each set of positions, a column for each shown motion, the first without. All on one logarithmic scale, so that bands can be compared: where a motion is right, they run level and become narrow and bright. Click a raster, and every panel shows that method; with the keyboard the same is done in Methods.",
  place: { beside: "raster-corrected", where: "within" },
  component: GridRaster,
};

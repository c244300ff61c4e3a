import { useEffect } from "react";
import { computeCorrelation, correlationKey, stopCorrelation, useCorrelation } from "../../app/correlation.ts";
import { isActive } from "../../app/jobReducer.ts";
import { useMotions } from "../../app/motions.ts";
import { usePositions } from "../../app/positions.ts";
import { useResultVersion } from "../../app/results.ts";
import { useRun } from "../../app/runStore.ts";
import { useSession } from "../../app/sessionStore.ts";
import { chooseFigures, useView } from "../../app/viewStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

/** Recordings up to this long are computed as soon as somebody looks: a few hundred bins take a second. */
const AT_ONCE_SEC = 400;

function Toolbar({ isOutdated, isBusy }: { isOutdated: boolean; isBusy: boolean }) {
  const { isRunning, fraction, error, source } = useCorrelation();
  if (isRunning)
    return (
      <div className="panel-toolbar">
        <button type="button" className="quiet outlined" onClick={() => void stopCorrelation()}>
          Stop
        </button>
        <progress value={fraction} max={1} aria-label="Computing correlations" />
        <span>{Math.floor(100 * fraction)} %</span>
      </div>
    );
  return (
    <div className="panel-toolbar wraps">
      <button
        type="button"
        className="quiet outlined"
        disabled={isBusy}
        title={isBusy ? "A run is under way; its own matrix is shown as it comes." : ""}
        onClick={() => void computeCorrelation()}
        data-testid="correlate"
      >
        {source === "computed" ? "Compute again" : "Compute"}
      </button>
      <span>{isOutdated ? "positions or motion have changed since" : "of the positions and the motion on screen"}</span>
      {error && <span className="field-error">{error}</span>}
      <span className="grow" />
      <Colours />
    </div>
  );
}

function Colours() {
  const map = useView((state) => state.figures.correlationMap);
  return (
    <label>
      colours{" "}
      <select
        value={map}
        onChange={(event) => chooseFigures({ correlationMap: event.target.value === "shared" ? "shared" : "reds" })}
        data-testid="correlation-map"
      >
        <option value="reds">reds</option>
        <option value="shared">as the other pictures</option>
      </select>
    </label>
  );
}

function Correlation() {
  const hasSpikes = useSession((state) => state.spikes !== null);
  const durationSec = useSession((state) => state.recording?.info.durationSec ?? state.spikes?.durationSec ?? 0);
  const isBusy = useRun(({ job }) => isActive(job));
  const { title, key, isRunning, error } = useCorrelation();
  usePositions((state) => state.chosen);
  useMotions((state) => state.activeId);
  useResultVersion("run");
  const isOutdated = key !== "" && key !== correlationKey();
  const isWanted =
    hasSpikes && !isBusy && !isRunning && !error && key !== correlationKey() && durationSec <= AT_ONCE_SEC;
  useEffect(() => {
    if (isWanted) void computeCorrelation();
  }, [isWanted]);
  if (!hasSpikes)
    return <Empty>Spikes fill this panel: how alike every two moments of the recording are, after correction.</Empty>;
  return (
    <div className="panel-body">
      <Toolbar isOutdated={isOutdated} isBusy={isBusy} />
      {title && (
        <p className="panel-note" data-testid="correlation-title">
          {title}
        </p>
      )}
      <CanvasHost
        kind="correlation"
        label="Correlation of the spike histograms of every two time bins, over time in s both ways."
      />
    </div>
  );
}

export const correlation: PanelDef = {
  id: "correlation",
  title: "Correlation",
  help: "How alike the histograms of spike positions of every two time bins are; ρ̄ is the mean off the diagonal. With the motion taken out it should be even: stripes and blocks are moments at which the spikes stand elsewhere, or other neurons fire. ρ̄ measures repeatability, not accuracy: positions that are all the same score best. Below a computed matrix stands the entropy of each bin: an alarm when it falls, not a score.",
  place: { beside: "motion", where: "within" },
  frontOnTraining: "joint",
  component: Correlation,
};

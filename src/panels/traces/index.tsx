import { useEffect } from "react";
import { formatNumber } from "../../app/format.ts";
import { parseForm } from "../../app/recipeForm.ts";
import { detectionOf } from "../../app/recipeSteps.ts";
import { useRun } from "../../app/runStore.ts";
import { useSession } from "../../app/sessionStore.ts";
import { panTraces, readTraces, toggleFollowCursor, useTraces, WINDOWS_MS, wantedCenter } from "../../app/traces.ts";
import { toggleTraceStyle, useView } from "../../app/viewStore.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

/** A number being typed must not read the file at every key. */
const REST_MS = 200;

/** Ask for the window whenever what it shows may be another: place, length, preprocessing, recording. */
function useReading(): void {
  const recording = useSession((state) => state.recording);
  const methods = useRun((state) => state.methods);
  const method = detectionOf(methods);
  const drafts = useRun((state) => state.drafts[method?.id ?? ""]);
  const paramsText = JSON.stringify(parseForm(method?.params ?? {}, drafts ?? {}).params);
  const windowMs = useTraces((state) => state.windowMs);
  const moved = useTraces((state) => state.centerSec);
  const selectedSec = useView((state) => state.selected?.timeSec ?? null);
  // a newly selected spike takes the window along
  useEffect(() => {
    if (selectedSec !== null) useTraces.setState({ centerSec: null });
  }, [selectedSec]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: readTraces reads them from the stores
  useEffect(() => {
    if (!recording || !methods) return;
    const timer = setTimeout(() => readTraces(JSON.parse(paramsText) as ParamValues), REST_MS);
    return () => clearTimeout(timer);
  }, [recording, methods, paramsText, windowMs, moved, selectedSec]);
  useEffect(
    () =>
      useView.subscribe((now, before) => {
        if (!useTraces.getState().followsCursor || now.cursorTimeSec === null) return;
        if (now.cursorTimeSec !== before.cursorTimeSec) readTraces(JSON.parse(paramsText) as ParamValues);
      }),
    [paramsText],
  );
}

function Toolbar() {
  const { windowMs, followsCursor, shownSec, isReading } = useTraces();
  const traceStyle = useView((state) => state.traceStyle);
  const where = shownSec ? `${shownSec[0].toFixed(3)} s` : `${formatNumber(wantedCenter())} s`;
  return (
    <div className="panel-toolbar">
      <button type="button" className="quiet" onClick={() => panTraces(-0.5)} title="Half a window earlier (,)">
        ◀
      </button>
      <span className="number" data-testid="traces-at">
        from {where}
      </span>
      <button type="button" className="quiet" onClick={() => panTraces(0.5)} title="Half a window later (.)">
        ▶
      </button>
      <label title="Length of the window (w, W)">
        window{" "}
        <select
          value={windowMs}
          onChange={(event) => useTraces.setState({ windowMs: Number(event.target.value) })}
          data-testid="traces-window"
        >
          {WINDOWS_MS.map((ms) => (
            <option key={ms} value={ms}>
              {ms} ms
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="quiet outlined"
        aria-pressed={traceStyle === "heat"}
        onClick={toggleTraceStyle}
        title="Lines or heat map (h)"
        data-testid="traces-style"
      >
        heat map
      </button>
      <label title="Follow the pointer over the rasters (f)">
        <input type="checkbox" checked={followsCursor} onChange={toggleFollowCursor} /> follow pointer
      </label>
      <span className="grow" />
      <span role="status">{isReading ? "reading…" : ""}</span>
    </div>
  );
}

function Traces() {
  const recording = useSession((state) => state.recording);
  const error = useTraces((state) => state.error);
  const shown = useTraces((state) => state.shownSec !== null);
  useReading();
  if (!recording) {
    return <Empty>Drop a raw recording, and its traces are drawn here, raw beside preprocessed.</Empty>;
  }
  return (
    <div className="panel-body">
      <Toolbar />
      {error && (
        <p className="panel-note field-error" role="alert">
          {error}
        </p>
      )}
      {shown ? (
        <CanvasHost kind="traces" label="Traces of the channels in view: raw on the left, preprocessed on the right." />
      ) : (
        !error && <Empty>Reading the first window; while a run is at work it waits its turn.</Empty>
      )}
    </div>
  );
}

export const traces: PanelDef = {
  id: "traces",
  title: "Traces",
  help: "A short stretch of the recording: as read on the left, as the detection sees it on the right, the same channels in the same rows, depth upwards. Marks are spikes of the table. A selected spike or a click on a contact says where to look; zoom the depth to see fewer channels. Stripes over all channels on the right mean that the reference does not remove what they share; a channel that differs from all its neighbours is probably dead.",
  place: { beside: "raster-corrected", where: "within" },
  ofRecording: true,
  component: Traces,
};

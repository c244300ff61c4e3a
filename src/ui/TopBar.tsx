import { DEMOS } from "../app/demos.ts";
import { describeDataset, formatCount, formatDuration } from "../app/format.ts";
import { currentStep, isActive, stepFraction } from "../app/jobReducer.ts";
import { useMotionEditing } from "../app/motionEditing.ts";
import { motionSummary } from "../app/motionSummary.ts";
import { activeMotion, useMotions } from "../app/motions.ts";
import { openDemo, switchRecording } from "../app/openFiles.ts";
import { useRun } from "../app/runStore.ts";
import { useSession } from "../app/sessionStore.ts";
import { recordingName } from "../app/showData.ts";
import { redo, undo, undoWords, useViewHistory } from "../app/viewHistory.ts";
import { toggleTheme, useView } from "../app/viewStore.ts";
import { DataSetMenu } from "./DataSetMenu.tsx";
import { ExportMenu } from "./ExportMenu.tsx";
import { FilePickers } from "./FilePickers.tsx";
import { toggleKeyHelp } from "./keyHelp.ts";
import { LayoutMenu, PanelsMenu } from "./LayoutMenu.tsx";
import { Logo } from "./Logo.tsx";
import { Menu } from "./Menu.tsx";
import { togglePalette } from "./palette.ts";

/** Several recordings in one drop (probes, bands, gates): which one is open. */
function RecordingPicker() {
  const recording = useSession((state) => state.recording);
  const recordings = useSession((state) => state.recordings);
  const locked = useRun((state) => isActive(state.job));
  if (!recording || recordings.length < 2) return null;
  return (
    <select
      className="recording-picker"
      aria-label={`Recording, one of ${recordings.length} in this drop`}
      value={recordings.indexOf(recording)}
      disabled={locked}
      onChange={(event) => switchRecording(recordings[Number(event.target.value)])}
      data-testid="recording-picker"
    >
      {recordings.map((one, index) => (
        <option key={one.info.files[0]?.path ?? index} value={index}>
          {recordingName(one.info)}
        </option>
      ))}
    </select>
  );
}

function DatasetSummary() {
  const recording = useSession((state) => state.recording);
  const recordings = useSession((state) => state.recordings);
  const spikes = useSession((state) => state.spikes);
  const nMotions = useMotions((state) => state.entries.length);
  const opening = useSession((state) => state.opening);
  const info = recording?.info ?? spikes;
  // the picker says the name where there are several
  const name = recording && recordings.length < 2 ? `${recordingName(recording.info)} · ` : "";
  const found = recording && spikes ? ` · ${formatCount(spikes.nSpikes ?? 0)} spikes` : "";
  const motion = info || nMotions === 0 ? null : activeMotion();
  const alone = motion ? `${motion.title}: ${motionSummary(motion.motion)}` : "nothing open";
  const text = opening ?? (info ? `${name}${describeDataset(info)}${found}` : alone);
  return (
    <p className="dataset" data-testid="dataset-summary" aria-live={found ? "off" : "polite"} title={text}>
      {text}
    </p>
  );
}

function RunState() {
  const job = useRun((state) => state.job);
  const step = currentStep(job);
  const percent = Math.floor(100 * stepFraction(step));
  const left = job.state === "running" && step.secondsLeft > 0 ? `, ${formatDuration(step.secondsLeft)} left` : "";
  const text = job.state === "running" || job.state === "paused" ? `${job.state} ${percent} %${left}` : job.state;
  return (
    <span className={`chip chip-${job.state}`} data-testid="run-state" data-state={job.state}>
      {text}
    </span>
  );
}

function ComputeMode() {
  const compute = useSession((state) => state.compute);
  const isNeeded = useSession((state) => state.spikes !== null || state.recording !== null);
  // the worker is started by the first data it can compute on; before them there is nothing to tell
  if (!compute) return isNeeded ? <span className="chip">starting compute…</span> : null;
  const name = compute.mode === "webgpu" ? "WebGPU" : "CPU";
  return (
    <Menu
      label={compute.adapter.startsWith(name) ? compute.adapter : `${name} · ${compute.adapter}`}
      testId="compute-mode"
      className={`chip chip-${compute.mode}`}
    >
      <div className="menu-text">
        <p>{compute.reason}</p>
        <dl>
          <dt>mode</dt>
          <dd>{compute.mode}</dd>
          <dt>adapter</dt>
          <dd>{compute.adapter}</dd>
          <dt>threads</dt>
          <dd>{compute.threads}</dd>
        </dl>
        <p className="muted">
          To force the other one, open this page with <code>?compute=cpu</code> or <code>?compute=webgpu</code> in its
          address.
        </p>
      </div>
    </Menu>
  );
}

/** Take back and make again; the titles say what. */
function History() {
  useViewHistory();
  useMotionEditing();
  const { undo: back, redo: forward } = undoWords();
  return (
    <span className="history">
      <button
        type="button"
        className="quiet"
        disabled={back === null}
        onClick={undo}
        title={`Undo${back === null ? "" : `: ${back}`} (ctrl + z)`}
        aria-label={back === null ? "Undo" : `Undo: ${back}`}
        data-testid="undo"
      >
        ↶
      </button>
      <button
        type="button"
        className="quiet"
        disabled={forward === null}
        onClick={redo}
        title={`Redo${forward === null ? "" : `: ${forward}`} (ctrl + shift + z)`}
        aria-label={forward === null ? "Redo" : `Redo: ${forward}`}
        data-testid="redo"
      >
        ↷
      </button>
    </span>
  );
}

/** What is open, which machine computes, what runs, and the page's few commands. */
export function TopBar() {
  const theme = useView((state) => state.theme);
  return (
    <header className="topbar">
      <h1 className="brand">
        <Logo /> Driftscope
      </h1>
      <DataSetMenu />
      <RecordingPicker />
      <DatasetSummary />
      <RunState />
      <ComputeMode />
      <Menu label="Open">
        <div className="menu-column">
          <FilePickers compact />
          {DEMOS.map((demo) => (
            <button key={demo.id} type="button" className="button" onClick={() => void openDemo(demo)}>
              {demo.title}
            </button>
          ))}
        </div>
      </Menu>
      <LayoutMenu />
      <PanelsMenu />
      <ExportMenu />
      <History />
      <button
        type="button"
        className="quiet"
        onClick={togglePalette}
        title="Find a command, a panel or a place (ctrl + k)"
        data-testid="palette-button"
      >
        Find
      </button>
      <button type="button" className="quiet" onClick={toggleTheme} title="Dark or light (t)" aria-label="Switch theme">
        {theme === "dark" ? "☾" : "☀"}
      </button>
      <button
        type="button"
        className="quiet"
        onClick={toggleKeyHelp}
        title="Keys and help (?)"
        aria-label="Keys and help"
      >
        ?
      </button>
    </header>
  );
}

import { DEMOS } from "../app/demos.ts";
import { describeUnfinished } from "../app/format.ts";
import { openDemo } from "../app/openFiles.ts";
import { useRun } from "../app/runStore.ts";
import { useSession } from "../app/sessionStore.ts";
import { discardUnfinished } from "../app/unfinished.ts";
import { FilePickers } from "./FilePickers.tsx";
import { Logo } from "./Logo.tsx";

/** Runs of an earlier visit that wait for their recording. */
function Unfinished() {
  const unfinished = useRun((state) => state.unfinished);
  return unfinished.map((run) => (
    <p key={run.key} className="unfinished" data-testid="unfinished">
      <span>
        An unfinished run over <code>{run.path.split("/").at(-1)}</code>, {describeUnfinished(run)}: drop that recording
        again to resume.
      </span>
      <button type="button" className="quiet outlined" onClick={() => void discardUnfinished(run.key)}>
        Discard
      </button>
    </p>
  ));
}

/** The first visit: what this is, what to drop, and a few recordings to try it on. */
export function Welcome() {
  const opening = useSession((state) => state.opening);
  return (
    <main className="welcome">
      <div className="welcome-card">
        <h1>
          <Logo /> Driftscope
        </h1>
        <p className="lead">
          Driftscope finds your spikes, where each came from, and how the brain moved past your Neuropixels probe, and
          shows it while it finds it.
        </p>
        <p>
          Drop a raw recording anywhere on this page: SpikeGLX <code>.ap.bin</code> with its <code>.meta</code>. Or
          spikes: <code>peak_times.npy</code>, <code>peak_depths.npy</code> and <code>peak_amplitudes.npy</code>, a
          SpikeInterface folder with peaks and their locations, or a run you saved here.
        </p>
        <p>Everything is computed on this machine; no file, no number and no name ever leaves it.</p>
        <div className="drop-box">
          <p className="drop-box-title" aria-live="polite">
            {opening ?? "Drop files or a folder here"}
          </p>
          <div className="row">
            <FilePickers />
          </div>
        </div>
        <Unfinished />
        <h2>Or look at one of these</h2>
        <div className="demos">
          {DEMOS.map((demo) => (
            <button
              key={demo.id}
              type="button"
              className="demo"
              disabled={opening !== null}
              onClick={() => void openDemo(demo)}
              data-testid={`demo-${demo.id}`}
            >
              <strong>{demo.title}</strong>
              <span>{demo.about}</span>
            </button>
          ))}
        </div>
      </div>
    </main>
  );
}

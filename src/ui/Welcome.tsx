import { DEMOS } from "../app/demos.ts";
import { useKept } from "../app/keptSession.ts";
import { openDemo } from "../app/openFiles.ts";
import { useSession } from "../app/sessionStore.ts";
import { FilePickers } from "./FilePickers.tsx";
import { Logo } from "./Logo.tsx";
import { UnfinishedRuns } from "./UnfinishedRuns.tsx";

/** The first visit: what this is, what to drop, and a few recordings to try it on. */
export function Welcome() {
  const opening = useSession((state) => state.opening);
  const isRestoring = useKept((state) => state.state === "restoring");
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
            {isRestoring ? "Opening what the last visit left…" : (opening ?? "Drop files or a folder here")}
          </p>
          <div className="row">
            <FilePickers />
          </div>
        </div>
        <UnfinishedRuns />
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

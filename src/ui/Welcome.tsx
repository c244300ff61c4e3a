import { DEMOS, type Demo } from "../app/demos.ts";
import { useKept } from "../app/keptSession.ts";
import { openDemo } from "../app/openFiles.ts";
import { useSession } from "../app/sessionStore.ts";
import { FilePickers } from "./FilePickers.tsx";
import { FormatList } from "./FormatList.tsx";
import { KeptDataSets } from "./KeptDataSets.tsx";
import { Logo } from "./Logo.tsx";
import { UnfinishedRuns } from "./UnfinishedRuns.tsx";

/** Demos that show what the page is for; the others are for who wants more. */
const N_FIRST = 2;

function Demos({ demos }: { demos: readonly Demo[] }) {
  const opening = useSession((state) => state.opening);
  return (
    <div className="demos">
      {demos.map((demo) => (
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
  );
}

/** The first visit: three sentences on what to do, where to drop, and a few recordings to try it on. */
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
          Drop a Neuropixels recording anywhere on this page, or spikes that were found elsewhere, or one of the demos
          below.
        </p>
        <p className="lead">
          Press Run, and watch where each spike came from and how the brain moved past the probe while it is found.
        </p>
        <p className="lead">Everything is computed on this machine; no file, no number and no name ever leaves it.</p>
        <div className="drop-box">
          <p className="drop-box-title" aria-live="polite">
            {isRestoring ? "Opening what the last visit left…" : (opening ?? "Drop files or a folder here")}
          </p>
          <div className="row">
            <FilePickers />
          </div>
          <p className="drop-box-formats">
            Raw recordings of SpikeGLX, Open Ephys, NWB and SpikeInterface; sortings of Kilosort and phy, IBL's ALF,
            peaks of SpikeInterface and MEDiCINe; motions, networks, probes; or a run you saved here
          </p>
        </div>
        <FormatList />
        <KeptDataSets />
        <UnfinishedRuns />
        <h2>Two to start with</h2>
        <Demos demos={DEMOS.slice(0, N_FIRST)} />
        <h2>More</h2>
        <Demos demos={DEMOS.slice(N_FIRST)} />
        <p className="welcome-keys">
          <kbd>ctrl + k</kbd> finds every command, <kbd>?</kbd> lists the keys.
        </p>
      </div>
    </main>
  );
}

import { useEffect, useState } from "react";
import { useDataSets } from "../app/dataSets.ts";
import { dismissRestored, startEmpty, useKept } from "../app/keptSession.ts";
import { awaitedInfo, canReopen, reopen } from "../app/reopen.ts";
import { useSession } from "../app/sessionStore.ts";
import { recordingName } from "../app/showData.ts";
import { UnfinishedRuns } from "./UnfinishedRuns.tsx";

function Awaited() {
  const recording = useSession((state) => state.recording);
  const spikes = useSession((state) => state.spikes);
  const opening = useSession((state) => state.opening);
  const activeId = useDataSets((state) => state.activeId);
  const info = awaitedInfo({ recording, spikes });
  const [hasHandle, setHasHandle] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another data set has other handles
  useEffect(() => {
    let isCurrent = true;
    void canReopen().then((can) => {
      if (isCurrent) setHasHandle(can);
    });
    return () => {
      isCurrent = false;
    };
  }, [activeId]);
  if (!info || opening !== null) return null;
  const isRecording = info.kind === "recording";
  const name = isRecording ? recordingName(info) : info.title;
  return (
    <div className="strip strip-info" role="status" data-testid="awaited">
      <span>
        The {isRecording ? "samples" : "waveforms"} of <strong>{name}</strong> are not at hand; everything that was
        found in them is.{" "}
        {hasHandle
          ? ""
          : isRecording
            ? "Drop the same file again for traces, waveforms and further detection."
            : "Drop the same files again to see and to localize them."}
      </span>
      {hasHandle && (
        <button type="button" className="button" onClick={() => void reopen(true)} data-testid="open-again">
          Open {name} again
        </button>
      )}
    </div>
  );
}

/** What the last visit left: that it is back, what it lacks, and runs that can go on. */
export function RestoreBar() {
  const restoredFrom = useKept((state) => state.restoredFrom);
  const isAway = useSession(({ recording, spikes }) => awaitedInfo({ recording, spikes }) !== null);
  if (!isAway && restoredFrom === null) return null;
  return (
    <div className="strips" data-testid="restore-bar">
      {restoredFrom !== null && (
        <div className="strip strip-info" role="status" data-testid="restored">
          <span>This is what was open at your last visit, kept {new Date(restoredFrom).toLocaleString()}.</span>
          <button type="button" className="button" onClick={() => void startEmpty()}>
            Start empty
          </button>
          <button type="button" className="quiet" onClick={dismissRestored} aria-label="Dismiss this message">
            ✕
          </button>
        </div>
      )}
      <Awaited />
      {isAway && <UnfinishedRuns />}
    </div>
  );
}

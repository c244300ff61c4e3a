import { putOffUpdate, takeUpdate, useOffline } from "../app/offline.ts";

/** A newer version is ready: never taken by itself, for a run may be under way. */
export function UpdateNotice() {
  const isReady = useOffline((state) => state.updateReady);
  if (!isReady) return null;
  return (
    <div className="strips">
      <div className="strip strip-info" role="status" data-testid="update-ready">
        <span>A new version of Driftscope is ready.</span>
        <button type="button" className="button" onClick={takeUpdate}>
          Reload with it
        </button>
        <button type="button" className="quiet" onClick={putOffUpdate} aria-label="Not now">
          ✕
        </button>
      </div>
    </div>
  );
}

import { useState } from "react";
import { attachProbe } from "../app/attachProbe.ts";
import { useSession } from "../app/sessionStore.ts";
import type { ProbeChoice } from "../protocol/plainBinary.ts";
import { ProbeChooser } from "./ProbeChooser.tsx";
import "./plain.css";

/** A probe for the open recording, which does not say where its contacts lie. */
export function AttachProbe() {
  const [choice, setChoice] = useState<ProbeChoice>({ kind: "none" });
  const [error, setError] = useState<string | null>(null);
  const opening = useSession((state) => state.opening);
  const nChannels = useSession((state) => state.recording?.recording.nChannels ?? 0);
  return (
    <div className="attach-probe" data-testid="attach-probe">
      <p className="muted">
        This recording does not say where its contacts are: drop a probeinterface .json or channel_locations.npy of its{" "}
        {nChannels} channels, or choose here.
      </p>
      <ProbeChooser
        value={choice}
        none="choose…"
        onChange={(next) => {
          setChoice(next);
          setError(null);
        }}
      />
      <button
        type="button"
        className="button primary"
        disabled={choice.kind === "none" || opening !== null}
        onClick={() => void attachProbe(choice).then(setError)}
        data-testid="attach-probe-use"
      >
        Use this probe
      </button>
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

import { fineTunedPositions, takeFineTuned } from "../app/fineTuned.ts";
import { useResultVersion } from "../app/results.ts";
import type { GateVerdict } from "../protocol/models.ts";

function networkInUse({ passed }: GateVerdict, tuned: ReturnType<typeof fineTunedPositions>): string {
  if (!tuned) return "";
  if (!tuned.isUsed) return "The pretrained network is in use.";
  return passed ? "The fine-tuned network is in use." : "The fine-tuned network is in use, by your choice.";
}

/** The acceptance gate in words: what the fine-tuned network was held to, and which network is in use for it. */
export function Gate({ verdict, isFinal }: { verdict: GateVerdict; isFinal: boolean }) {
  useResultVersion("run");
  useResultVersion("spikes");
  const failed = verdict.checks.filter(({ passed }) => !passed);
  const tuned = isFinal ? fineTunedPositions() : null;
  const canTake = tuned !== null && !verdict.passed && !tuned.isUsed;
  return (
    <div
      className={`gate gate-${verdict.passed ? "passed" : "failed"}`}
      data-testid="gate"
      data-passed={verdict.passed}
    >
      <p>
        <strong>
          {verdict.passed ? "✓ Every check passed." : `✕ ${failed.length} of ${verdict.checks.length} checks failed.`}
        </strong>{" "}
        {isFinal ? networkInUse(verdict, tuned) : "As the network stands now."}
      </p>
      <ul>
        {verdict.checks.map(({ name, passed, sentence }) => (
          <li key={name} className={passed ? "check-passed" : "check-failed"}>
            {passed ? "✓" : "✕"} {sentence}
          </li>
        ))}
      </ul>
      {canTake && (
        <button type="button" className="button" onClick={takeFineTuned} data-testid="take-fine-tuned">
          Use the fine-tuned network all the same
        </button>
      )}
    </div>
  );
}

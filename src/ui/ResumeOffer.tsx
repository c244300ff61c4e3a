import { describeUnfinished } from "../app/format.ts";
import { parseForm } from "../app/recipeForm.ts";
import { resumeUnfinished, startStep } from "../app/runActions.ts";
import { useRun } from "../app/runStore.ts";
import { discardUnfinished } from "../app/unfinished.ts";
import type { MethodInfo } from "../protocol/methods.ts";
import type { UnfinishedRun } from "../protocol/recordings.ts";

/** A run over this recording was stopped: go on, or begin anew. */
export function ResumeOffer({ unfinished, method }: { unfinished: UnfinishedRun; method: MethodInfo }) {
  const drafts = useRun((state) => state.drafts[method.id]) ?? {};
  const had = unfinished.recipe.steps.find((step) => step.method === method.id)?.params ?? {};
  const { params } = parseForm(method.params, drafts);
  const differs = Object.entries(had).some(([name, value]) => String(params[name]) !== String(value));
  return (
    <div className="resume-offer" data-testid="resume-offer">
      <div className="row">
        <button
          type="button"
          className="button primary"
          onClick={() => void resumeUnfinished(unfinished)}
          title="Go on with the stopped run (u)"
          data-testid="resume-unfinished"
        >
          ▶ Resume at {describeUnfinished(unfinished)}
        </button>
        <button type="button" className="button" onClick={() => void startStep(method.id)} data-testid="run">
          Start over
        </button>
        <button
          type="button"
          className="quiet"
          onClick={() => void discardUnfinished(unfinished.key)}
          title="Forget the stopped run and what it had found"
        >
          Discard
        </button>
      </div>
      {differs && <p className="muted">Resuming puts back the parameters with which it was begun.</p>}
    </div>
  );
}

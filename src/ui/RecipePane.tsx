import { isActive } from "../app/jobReducer.ts";
import { parseSeed } from "../app/recipeForm.ts";
import { openSteps, startRun, whyNotRun } from "../app/runActions.ts";
import { useRun } from "../app/runStore.ts";
import { useSession } from "../app/sessionStore.ts";
import type { MethodInfo } from "../protocol/methods.ts";
import "./recipe.css";
import { StepCard } from "./StepCard.tsx";

function SeedField() {
  const text = useRun((state) => state.seedText);
  const parsed = parseSeed(text);
  return (
    <div className="seed">
      <label htmlFor="seed">Seed</label>
      <input
        id="seed"
        className="number"
        inputMode="numeric"
        value={text}
        aria-invalid={!parsed.ok}
        onChange={(event) => useRun.setState({ seedText: event.target.value })}
        data-testid="seed"
      />
      <span className="muted">same seed, same result</span>
      {!parsed.ok && <p className="field-error">{parsed.sentence}</p>}
    </div>
  );
}

/** One button for all steps, where there are several. */
function RunAll({ steps }: { steps: readonly MethodInfo[] }) {
  const run = useRun();
  const session = useSession();
  const reason = whyNotRun(run, steps, session);
  return (
    <button
      type="button"
      className="button"
      disabled={reason !== null || isActive(run.job)}
      title={reason ?? "Run every step, one after the other (r)"}
      onClick={() => void startRun()}
      data-testid="run-all"
    >
      ▶ Run all {steps.length} steps
    </button>
  );
}

/** The recipe: its steps from top to bottom, each with parameters, state and its own advice. */
export function RecipePane() {
  const methods = useRun((state) => state.methods);
  const recording = useSession((state) => state.recording);
  const spikes = useSession((state) => state.spikes);
  const isEmpty = recording === null && spikes === null;
  const steps = openSteps(methods, { recording, spikes });
  return (
    <aside className="recipe" aria-label="Recipe">
      <div className="row spread">
        <h2>Recipe</h2>
        {steps.length > 1 && <RunAll steps={steps} />}
      </div>
      {isEmpty && <p className="muted">Drop a recording or spikes, and the steps that can run on them stand here.</p>}
      {!isEmpty && !methods && (
        <p className="muted">Starting the compute worker; the recipe appears when it answers.</p>
      )}
      {methods && !isEmpty && <SeedField />}
      {steps.map((method, index) => (
        <StepCard key={method.id} method={method} index={index} />
      ))}
    </aside>
  );
}

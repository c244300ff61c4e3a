import { isActive } from "../app/jobReducer.ts";
import { useMotions } from "../app/motions.ts";
import { parseSeed } from "../app/recipeForm.ts";
import { motionMethods, trainsNetwork } from "../app/recipeSteps.ts";
import { useResultVersion } from "../app/results.ts";
import { openRecipe, startRun, whyNotRun } from "../app/runActions.ts";
import { useRun } from "../app/runStore.ts";
import { useSession } from "../app/sessionStore.ts";
import type { MethodInfo } from "../protocol/methods.ts";
import { MotionEditor } from "./MotionEditor.tsx";
import { MotionList } from "./MotionList.tsx";
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

/** Which of several methods estimates motion when the whole recipe runs. */
function MotionMethod({ candidates, chosen }: { candidates: readonly MethodInfo[]; chosen: MethodInfo }) {
  const locked = useRun((state) => isActive(state.job));
  return (
    <label className="motion-method">
      <span>Motion by</span>
      <select
        value={chosen.id}
        disabled={locked}
        onChange={(event) => useRun.setState({ motionMethod: event.target.value })}
        data-testid="motion-method"
      >
        {candidates.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Methods that are not part of the recipe: each gives one more motion to compare. */
function OtherMotions({ methods }: { methods: readonly MethodInfo[] }) {
  if (methods.length === 0) return null;
  return (
    <details className="fold others" data-testid="other-motions">
      <summary>
        Other ways to estimate motion <span className="muted">{methods.length}</span>
      </summary>
      <div className="others-body">
        {methods.map((method) => (
          <StepCard key={method.id} method={method} index={null} />
        ))}
      </div>
    </details>
  );
}

/** The methods that train a network: run one by one, or with the recipe. */
function Networks({ methods, steps }: { methods: readonly MethodInfo[]; steps: readonly MethodInfo[] }) {
  const isIncluded = useRun((state) => state.networks);
  const locked = useRun((state) => isActive(state.job));
  const place = (method: MethodInfo) => (steps.includes(method) ? steps.indexOf(method) : null);
  return (
    <section className="networks" aria-label="Spike Localization Network" data-testid="networks">
      <div className="row spread">
        <h3>Spike Localization Network</h3>
        <label className="networks-included">
          <input
            type="checkbox"
            checked={isIncluded}
            disabled={locked}
            onChange={(event) => useRun.setState({ networks: event.target.checked })}
            data-testid="networks-included"
          />{" "}
          run with the recipe
        </label>
      </div>
      {methods.map((method) => (
        <StepCard key={method.id} method={method} index={place(method)} />
      ))}
    </section>
  );
}

/** The recipe: its steps from top to bottom, each with parameters, state and its own advice. */
export function RecipePane() {
  const methods = useRun((state) => state.methods);
  const motionMethod = useRun((state) => state.motionMethod);
  const withNetworks = useRun((state) => state.networks);
  const recording = useSession((state) => state.recording);
  const spikes = useSession((state) => state.spikes);
  useMotions((state) => state.activeId); // some methods start from a motion
  useSession((state) => state.model); // or from a network
  useResultVersion("run"); // or from what a run has kept
  const isEmpty = recording === null && spikes === null;
  const plan = openRecipe({ methods, motionMethod, networks: withNetworks }, { recording, spikes });
  const { steps, others, networks } = plan;
  const [chosen] = motionMethods(steps);
  const firstEstimate = steps.indexOf(chosen);
  const isBefore = (method: MethodInfo) => firstEstimate < 0 || steps.indexOf(method) < firstEstimate;
  const plain = steps.filter((method) => !trainsNetwork(method));
  const card = (method: MethodInfo) => <StepCard key={method.id} method={method} index={steps.indexOf(method)} />;
  const candidates = motionMethods([...steps, ...others]);
  // in the order in which methods are offered, whichever is chosen
  candidates.sort((a, b) => (methods?.indexOf(a) ?? 0) - (methods?.indexOf(b) ?? 0));
  return (
    <aside className="recipe" aria-label="Recipe">
      <MotionEditor />
      <div className="row spread">
        <h2>Recipe</h2>
        {steps.length > 1 && <RunAll steps={steps} />}
      </div>
      {isEmpty && <p className="muted">Drop a recording or spikes, and the steps that can run on them stand here.</p>}
      {!isEmpty && !methods && (
        <p className="muted">Starting the compute worker; the recipe appears when it answers.</p>
      )}
      {methods && !isEmpty && <SeedField />}
      {chosen && candidates.length > 1 && <MotionMethod candidates={candidates} chosen={chosen} />}
      {plain.filter(isBefore).map(card)}
      {networks.length > 0 && <Networks methods={networks} steps={steps} />}
      {plain.filter((method) => !isBefore(method)).map(card)}
      <MotionList />
      <OtherMotions methods={others} />
    </aside>
  );
}

import { parseSeed } from "../app/recipeForm.ts";
import { useRun } from "../app/runStore.ts";
import { useSession } from "../app/sessionStore.ts";
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

/** The recipe: its steps from top to bottom, each with parameters, state and its own advice. */
export function RecipePane() {
  const methods = useRun((state) => state.methods);
  const hasSpikes = useSession((state) => state.spikes !== null);
  const steps = useRun((state) => state.steps);
  return (
    <aside className="recipe" aria-label="Recipe">
      <h2>Recipe</h2>
      {!hasSpikes && <p className="muted">Drop spikes, and the steps that can run on them stand here.</p>}
      {hasSpikes && !methods && (
        <p className="muted">Starting the compute worker; the recipe appears when it answers.</p>
      )}
      {methods && <SeedField />}
      {methods &&
        steps.map((id, index) => {
          const method = methods.find((m) => m.id === id);
          return method ? <StepCard key={id} method={method} index={index} /> : null;
        })}
    </aside>
  );
}

import { motionChoices, placeSets } from "../app/placeChoices.ts";
import type { PlaceChoice } from "../protocol/pictures.ts";

interface PlaceSelectProps {
  /** what the places are for: "from" */
  label: string;
  choice: PlaceChoice;
  onChange: (choice: PlaceChoice) => void;
  testId: string;
}

const RECORDED = "";

/** Whose positions, and what is taken out of them. The panel renders again when there are others. */
export function PlaceSelect({ label, choice, onChange, testId }: PlaceSelectProps) {
  const sets = placeSets();
  const motions = motionChoices();
  const chooseSet = (value: string) => {
    const found = sets.find(({ set }) => set === value);
    if (found) onChange({ ...choice, set: found.set, name: found.name });
  };
  return (
    <span className="place-select">
      <label>
        {label}{" "}
        <select value={choice.set} onChange={(event) => chooseSet(event.target.value)} data-testid={`${testId}-set`}>
          {sets.map(({ set, name }) => (
            <option key={set} value={set}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <select
        value={choice.motion ?? RECORDED}
        aria-label={`${label}: as recorded or corrected`}
        onChange={(event) => onChange({ ...choice, motion: event.target.value || null })}
        data-testid={`${testId}-motion`}
      >
        {motions.map(({ id, title }) => (
          <option key={id} value={id ?? RECORDED}>
            {title}
          </option>
        ))}
      </select>
    </span>
  );
}

import { useState } from "react";

/** A number that counts when it is left or confirmed, so that typing does not. */
export function SecondsField({ label, value, commit, testId }: SecondsFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const finish = () => {
    const typed = Number(draft);
    if (draft !== null && draft.trim() !== "" && Number.isFinite(typed)) commit(typed);
    setDraft(null);
  };
  return (
    <label>
      {label}{" "}
      <input
        type="text"
        inputMode="decimal"
        size={6}
        value={draft ?? String(Number(value.toFixed(1)))}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={finish}
        onKeyDown={(event) => event.key === "Enter" && finish()}
        data-testid={testId}
      />{" "}
      s
    </label>
  );
}

interface SecondsFieldProps {
  label: string;
  value: number;
  commit: (sec: number) => void;
  testId: string;
}

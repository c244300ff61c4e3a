import { type FormEvent, type ReactNode, useId, useState } from "react";
import { parseParam } from "../app/recipeForm.ts";
import type { ParamSpec } from "../protocol/methods.ts";

/** A number that a tool needs. */
export type NumberSpec = Extract<ParamSpec, { type: "number" }>;

/** What was typed before stands there again when the tool is taken up again, for as long as the page lives. */
const typed = new Map<string, string>();

export interface NumberField {
  spec: NumberSpec;
  /** null while the text is no number in its range */
  value: number | null;
  /** why it is none */
  sentence: string | null;
  text: string;
  setText(text: string): void;
}

/** The state of one field of a tool; `key` is unique among all tools. */
export function useNumberField(key: string, spec: NumberSpec): NumberField {
  const [text, setState] = useState(typed.get(key) ?? String(spec.default));
  const parsed = parseParam(spec, text);
  const setText = (next: string) => {
    typed.set(key, next);
    setState(next);
  };
  const value = parsed.ok ? (parsed.value as number) : null;
  return { spec, value, sentence: parsed.ok ? null : parsed.sentence, text, setText };
}

/** A labelled field with its unit. */
export function NumberInput({ field, testId }: { field: NumberField; testId: string }) {
  const id = useId();
  const { spec, text, sentence, setText } = field;
  return (
    <label htmlFor={id} title={spec.help}>
      {spec.label}
      <input
        id={id}
        className="number edit-number"
        inputMode="decimal"
        value={text}
        aria-invalid={sentence !== null}
        onChange={(event) => setText(event.target.value)}
        data-testid={testId}
      />
      <span className="unit">{spec.unit}</span>
    </label>
  );
}

interface ToolFormProps {
  /** what stands on the button; absent for a tool that the pointer alone uses */
  action?: string;
  fields?: readonly NumberField[];
  onApply?(): void;
  note?: ReactNode;
  children?: ReactNode;
}

/** A tool's fields in a row, its button, and below them what it would do or why it cannot. Enter applies. */
export function ToolForm({ action, fields = [], onApply, note, children }: ToolFormProps) {
  const wrong = fields.find((field) => field.sentence !== null)?.sentence ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong === null) onApply?.();
  };
  return (
    <form className="edit-tool" onSubmit={submit} data-testid="edit-tool">
      <div className="edit-fields">
        {children}
        {action && (
          <button type="submit" className="button" disabled={wrong !== null} data-testid="edit-apply">
            {action}
          </button>
        )}
      </div>
      {wrong ? <p className="field-error">{wrong}</p> : note && <p className="muted">{note}</p>}
    </form>
  );
}

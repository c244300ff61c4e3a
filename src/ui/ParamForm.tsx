import { useState } from "react";
import { isChanged, parseParam, textsOf, valueToText } from "../app/recipeForm.ts";
import { setDraft, setDrafts, useRun } from "../app/runStore.ts";
import type { MethodInfo, ParamSpec } from "../protocol/methods.ts";

interface FieldProps {
  step: string;
  name: string;
  spec: ParamSpec;
  draft: string | undefined;
  locked: boolean;
}

function defaultWords(spec: ParamSpec): string {
  if (spec.type === "choice") {
    return `default ${spec.options.find((option) => option.value === spec.default)?.label ?? spec.default}`;
  }
  if (spec.type === "boolean") return `default ${spec.default ? "yes" : "no"}`;
  const unit = spec.unit ? ` ${spec.unit}` : "";
  return `default ${valueToText(spec.default)}${unit}, from ${spec.min} to ${spec.max}${unit}`;
}

function ParamField({ step, name, spec, draft, locked }: FieldProps) {
  const [help, setHelp] = useState(false);
  const id = `${step}-${name}`;
  const text = draft ?? valueToText(spec.default);
  const parsed = parseParam(spec, text);
  const changed = isChanged(spec, draft);
  return (
    <div className={`field${changed ? " field-changed" : ""}`}>
      <label htmlFor={id} title={`${name}: ${spec.help}`}>
        {spec.label} {spec.unit && <span className="unit">{spec.unit}</span>}
      </label>
      {spec.type === "choice" ? (
        <select
          id={id}
          value={text}
          disabled={locked}
          aria-describedby={`${id}-note`}
          onChange={(event) => setDraft(step, name, event.target.value)}
          data-testid={`param-${name}`}
        >
          {spec.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : spec.type === "boolean" ? (
        <input
          id={id}
          type="checkbox"
          checked={text === "true"}
          disabled={locked}
          aria-describedby={`${id}-note`}
          onChange={(event) => setDraft(step, name, String(event.target.checked))}
          data-testid={`param-${name}`}
        />
      ) : (
        <input
          id={id}
          className="number"
          inputMode={spec.type === "number" ? "decimal" : "text"}
          value={text}
          disabled={locked}
          aria-invalid={!parsed.ok}
          aria-describedby={`${id}-note`}
          onChange={(event) => setDraft(step, name, event.target.value)}
          data-testid={`param-${name}`}
        />
      )}
      <button
        type="button"
        className="quiet"
        aria-expanded={help}
        aria-label={`Help for ${spec.label}`}
        onClick={() => setHelp(!help)}
      >
        ?
      </button>
      <button
        type="button"
        className="quiet"
        disabled={!changed || locked}
        aria-label={`Reset ${spec.label} to its default`}
        title={`Reset to ${valueToText(spec.default)}`}
        onClick={() => setDraft(step, name, null)}
      >
        ↺
      </button>
      <div id={`${id}-note`} className="field-note">
        {!parsed.ok && <p className="field-error">{parsed.sentence}</p>}
        {help && (
          <p className="muted">
            {spec.help} <span className="number">({defaultWords(spec)})</span>
          </p>
        )}
      </div>
    </div>
  );
}

/** Named sets of parameters; choosing one replaces what was changed. */
function Presets({ method, locked }: { method: MethodInfo; locked: boolean }) {
  return (
    <div className="row presets">
      <span className="muted">Set to</span>
      {method.presets.map((preset) => (
        <button
          key={preset.id}
          type="button"
          className="quiet outlined"
          title={preset.help}
          disabled={locked}
          onClick={() => setDrafts(method.id, textsOf(preset.params))}
          data-testid={`preset-${preset.id}`}
        >
          {preset.title}
        </button>
      ))}
      <button type="button" className="quiet outlined" disabled={locked} onClick={() => setDrafts(method.id, {})}>
        Defaults
      </button>
    </div>
  );
}

/** The parameters of one method: everyday ones first, the others folded. Locked while a job runs with them. */
export function ParamForm({ method, locked }: { method: MethodInfo; locked: boolean }) {
  const drafts = useRun((state) => state.drafts[method.id]) ?? {};
  const all = Object.entries(method.params);
  const field = ([name, spec]: [string, ParamSpec]) => (
    <ParamField key={name} step={method.id} name={name} spec={spec} draft={drafts[name]} locked={locked} />
  );
  const advanced = all.filter(([, spec]) => spec.advanced);
  return (
    <div className="params">
      <Presets method={method} locked={locked} />
      {all.filter(([, spec]) => !spec.advanced).map(field)}
      {advanced.length > 0 && (
        <details className="fold">
          <summary>More parameters</summary>
          {advanced.map(field)}
        </details>
      )}
    </div>
  );
}

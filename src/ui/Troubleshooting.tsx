import type { MethodInfo } from "../protocol/methods.ts";

/** The method's own advice: what looks wrong, what it usually means, what to change. */
export function Troubleshooting({ method }: { method: MethodInfo }) {
  if (method.troubleshooting.length === 0) return null;
  return (
    <details className="fold" data-testid="troubleshooting">
      <summary>Does it look wrong?</summary>
      {method.troubleshooting.map((item) => (
        <section key={item.title} className="advice">
          <h4>{item.title}</h4>
          <p>{item.symptom}</p>
          <p className="muted">
            {item.advice}
            {item.params.length > 0 && ` (${item.params.map((name) => method.params[name]?.label ?? name).join(", ")})`}
          </p>
        </section>
      ))}
    </details>
  );
}

import { closeKeyHelp, KEY_LIST, useKeyHelp } from "./keyHelp.ts";

/** The list of keys. A sheet at the side, not a dialog: the page behind it stays usable. */
export function KeyHelp() {
  const open = useKeyHelp((state) => state.open);
  if (!open) return null;
  return (
    <aside className="key-help" aria-label="Keys and gestures" data-testid="key-help">
      <div className="row spread">
        <h2>Keys and gestures</h2>
        <button type="button" className="quiet" onClick={closeKeyHelp} aria-label="Close the list of keys">
          ✕
        </button>
      </div>
      {KEY_LIST.map(({ group, keys }) => (
        <section key={group}>
          <h3>{group}</h3>
          <dl>
            {keys.map(([key, what]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p className="muted key-help-foot">
        Depth is in µm up from the tip of the probe, time in seconds from the first sample. Corrected depth is observed
        depth minus displacement: a positive displacement means the tissue has moved up the probe.
      </p>
    </aside>
  );
}

import { GROUPS } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";
import { FormatList } from "./FormatList.tsx";
import { closeKeyHelp, KEY_LIST, useKeyHelp } from "./keyHelp.ts";

interface Row {
  what: string;
  keys: string[];
}

/** Gestures and keys of a group; commands that share a row stand in one. */
function rowsOf(group: string): Row[] {
  const gestures = KEY_LIST.filter((one) => one.group === group).flatMap(({ keys }) => keys);
  const rows: Row[] = gestures.map(([gesture, what]) => ({ what, keys: [gesture] }));
  for (const command of COMMANDS) {
    if (command.group !== group || !command.keys) continue;
    const shown = command.keys.map((key) => key.shown);
    const what = command.row ?? command.title[0].toLowerCase() + command.title.slice(1);
    const row = rows.find((one) => one.what === what);
    if (row) row.keys.push(...shown);
    else rows.push({ what, keys: shown });
  }
  return rows;
}

/** The list of keys. A sheet at the side, not a dialog: the page behind it stays usable. */
export function KeyHelp() {
  const open = useKeyHelp((state) => state.open);
  if (!open) return null;
  const names = new Set([...GROUPS, ...KEY_LIST.map(({ group }) => group)]);
  const groups = [...names].map((group) => ({ group, rows: rowsOf(group) })).filter(({ rows }) => rows.length > 0);
  return (
    <aside className="key-help" aria-label="Keys and gestures" data-testid="key-help">
      <div className="row spread">
        <h2>Keys and gestures</h2>
        <button type="button" className="quiet" onClick={closeKeyHelp} aria-label="Close the list of keys">
          ✕
        </button>
      </div>
      {groups.map(({ group, rows }) => (
        <section key={group}>
          <h3>{group}</h3>
          <dl>
            {rows.map(({ what, keys }) => (
              <div key={what}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <FormatList />
      <p className="muted key-help-foot">
        Depth is in µm up from the tip of the probe, time in seconds from the first sample. Corrected depth is observed
        depth minus displacement: a positive displacement means the tissue has moved up the probe.
      </p>
    </aside>
  );
}

import { Fragment, useMemo, useState } from "react";
import { type CompareRow, compareRuns } from "../../app/runCompare.ts";
import type { RunEntry } from "../../app/runList.ts";
import { useRun } from "../../app/runStore.ts";
import type { Motion } from "../../core/types.ts";

function groupsOf(rows: readonly CompareRow[]): [group: string, rows: CompareRow[]][] {
  const groups = new Map<string, CompareRow[]>();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  return [...groups];
}

/** Two or more runs beside each other: what differs is marked with ≠, and all that does not can be left out. */
export function RunComparison({ runs, truth }: { runs: readonly RunEntry[]; truth: Motion | null }) {
  const methods = useRun((state) => state.methods);
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const rows = useMemo(() => compareRuns(runs, methods ?? [], truth), [runs, methods, truth]);
  const shown = rows.filter(({ differs, group }) => differs || !onlyDifferent || group === "Numbers");
  return (
    <section aria-label="Comparison of runs" className="runs-comparison">
      <label>
        <input
          type="checkbox"
          checked={onlyDifferent}
          onChange={(event) => setOnlyDifferent(event.target.checked)}
          data-testid="runs-only-different"
        />{" "}
        only parameters and results that differ
      </label>
      <table className="runs-table" data-testid="runs-comparison">
        <thead>
          <tr>
            <td />
            {runs.map(({ id, title }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groupsOf(shown).map(([group, own]) => (
            <Fragment key={group}>
              <tr>
                <th colSpan={runs.length + 1} scope="colgroup" className="runs-group">
                  {group}
                </th>
              </tr>
              {own.map(({ name, values, differs }) => (
                <tr key={name} className={differs ? "runs-differs" : undefined}>
                  <th scope="row" className="runs-name">
                    {name}
                    {differs && <abbr title="differs"> ≠</abbr>}
                  </th>
                  {values.map((value, k) => (
                    <td key={runs[k].id}>{value}</td>
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

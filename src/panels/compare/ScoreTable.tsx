import type { ScoreRow } from "../../protocol/scoreboard.ts";
import { decimals, signed } from "./decimals.ts";

interface Column {
  title: string;
  /** what it means, on hover */
  about: string;
  of(row: ScoreRow): string;
}

const TRUTH_COLUMNS: readonly Column[] = [
  {
    title: "error (µm)",
    about: "RMS difference from the truth",
    of: ({ truth }) => (truth ? decimals(truth.rmseUm, 2) : ""),
  },
  { title: "r", about: "Correlation with the truth", of: ({ truth }) => (truth ? decimals(truth.r, 3) : "") },
  {
    title: "gain",
    about: "How much of the true motion is followed: 1 is all of it",
    of: ({ truth }) => (truth ? decimals(truth.gain, 2) : ""),
  },
];

const axes = (values: readonly number[]) => values.map((v) => decimals(v, 1)).join(" ");

const POSITION_COLUMNS: readonly Column[] = [
  {
    title: "x y z error (µm)",
    about: "RMS distance of the positions from where the sources were, before correction",
    of: ({ positionTruth }) => (positionTruth ? axes(positionTruth.rmsUm) : ""),
  },
  {
    title: "x y z bias (µm)",
    about: "What the errors of a unit's spikes have in common, RMS over units: repeatability cannot see it",
    of: ({ positionTruth }) => (positionTruth ? axes(positionTruth.unitBiasUm) : ""),
  },
  {
    title: "slip gain",
    about: "How much of a unit's motion its positions follow: 1 is all of it",
    of: ({ positionTruth }) => (positionTruth ? decimals(positionTruth.slipGain, 2) : ""),
  },
];

const COLUMNS: readonly Column[] = [
  {
    title: "ρ̄",
    about: "Mean correlation of the histograms of all pairs of time bins: repeatability, not accuracy",
    of: ({ rho }) => decimals(rho, 3),
  },
  {
    title: "Δρ̄",
    about: "ρ̄ minus that of the same positions without correction",
    of: ({ deltaRho }) => signed(deltaRho, 3),
  },
  {
    title: "raster (µm)",
    about: "RMS shift of a time bin's raster against the mean raster: 0 when bands run level",
    of: ({ flatnessUm }) => decimals(flatnessUm, 2),
  },
  {
    title: "H̄ (nats)",
    about: "Mean entropy of a time bin: an alarm when it falls, not a score",
    of: ({ entropyNats }) => decimals(entropyNats, 2),
  },
  { title: "sd x (µm)", about: "Spread of the lateral positions", of: ({ sdXUm }) => decimals(sdXUm, 1) },
  { title: "sd z (µm)", about: "Spread of the distances from the probe", of: ({ sdZUm }) => decimals(sdZUm, 1) },
  {
    title: "pitch lock",
    about: "0 to 1: how much uncorrected depths keep to the rows of contacts",
    of: ({ pitchLock }) => decimals(pitchLock, 2),
  },
];

const isControl = ({ kind }: ScoreRow) => kind !== "uncorrected" && kind !== "corrected" && kind !== "true-motion";

/** Controls that could not be made, by the reason: the same for every motion, so each is said once. */
function impossible(rows: readonly ScoreRow[]): [reason: string, labels: string[]][] {
  const byReason = new Map<string, Set<string>>();
  for (const { notPossible, label } of rows) {
    if (notPossible) byReason.set(notPossible, (byReason.get(notPossible) ?? new Set()).add(label));
  }
  return [...byReason].map(([reason, labels]) => [reason, [...labels]]);
}

/** Every row of a scoreboard; the controls are set back. */
export function ScoreTable({ rows: all }: { rows: readonly ScoreRow[] }) {
  const rows = all.filter(({ notPossible }) => !notPossible);
  const hasTruth = rows.some(({ truth }) => truth !== null);
  const hasSeveral = new Set(rows.map(({ positions }) => positions)).size > 1;
  const hasPlaces = rows.some(({ positionTruth }) => positionTruth !== null);
  const columns = [...(hasTruth ? TRUTH_COLUMNS : []), ...(hasPlaces ? POSITION_COLUMNS : []), ...COLUMNS];
  return (
    <div>
      <table className="score-table" data-testid="score-table">
        <thead>
          <tr>
            <th scope="col">Motion or control</th>
            {hasSeveral && <th scope="col">positions</th>}
            {columns.map(({ title, about }) => (
              <th key={title} scope="col" title={about}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={`${row.positions} ${row.motion} ${row.kind} ${row.label}`}
              className={isControl(row) ? "control" : ""}
            >
              <th scope="row">{row.label}</th>
              {hasSeveral && <td className="score-text">{row.positions}</td>}
              {columns.map(({ title, of }) => (
                <td key={title}>{of(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {impossible(all).map(([reason, labels]) => (
        <p key={reason} className="muted score-reason">
          {reason} ({labels.join(", ")})
        </p>
      ))}
    </div>
  );
}

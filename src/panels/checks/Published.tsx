import { PUBLISHED_SCORES, PUBLISHED_SOURCE, PUBLISHED_WARNING } from "../../protocol/publishedScores.ts";

const COLUMNS = [
  { title: "ρ̄", of: "rho", digits: 3 },
  { title: "H̄ (nats)", of: "entropyNats", digits: 2 },
  { title: "Δρ̄ against MP + DREDge", of: "deltaRhoVsMpDredge", digits: 3 },
  { title: "r of x", of: "xGlobal", digits: 3 },
  { title: "r of y", of: "yGlobal", digits: 4 },
  { title: "r of z", of: "z", digits: 3 },
] as const;

/** What the authors of the SLN state of their own session, to compare with in kind. */
export function Published() {
  return (
    <details className="fold" data-testid="published">
      <summary>
        Published numbers <span className="muted">as stated by the authors of the SLN</span>
      </summary>
      <div className="checks-scroll">
        <table className="checks-table">
          <thead>
            <tr>
              <th scope="col">Method</th>
              {COLUMNS.map(({ title }) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
              <th scope="col">note</th>
            </tr>
          </thead>
          <tbody>
            {PUBLISHED_SCORES.map((row) => (
              <tr key={row.method}>
                <th scope="row">{row.method}</th>
                {COLUMNS.map(({ title, of, digits }) => (
                  <td key={title}>{row[of].toFixed(digits).replace("-", "−")}</td>
                ))}
                <td className="muted">{row.note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="muted">
        {PUBLISHED_SOURCE}, another recording: ρ̄ and H̄ depend on the recording, the grid and the spikes per bin, so
        these numbers cannot be compared with those of this one. {PUBLISHED_WARNING}
      </p>
    </details>
  );
}

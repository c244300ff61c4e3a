import { useEffect, useState } from "react";
import { withPaint } from "../../app/clients.ts";
import { formatRange } from "../../app/format.ts";
import { errorSentence } from "../../app/sessionStore.ts";
import type { MotionPair } from "../../protocol/scoreboard.ts";
import { useThrottledMotions } from "../../ui/useThrottledMotions.ts";
import { decimals } from "./decimals.ts";

const UPDATE_EVERY_MS = 500;

/** The numbers of every pair, from the worker that draws the differences. */
function usePairs(): { pairs: readonly MotionPair[]; failure: string | null } {
  const motions = useThrottledMotions(UPDATE_EVERY_MS);
  const [pairs, setPairs] = useState<readonly MotionPair[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other motions are the reason to ask again
  useEffect(() => {
    let gone = false;
    withPaint((paint) => paint.motionPairs()).then(
      (found) => {
        if (!gone) setPairs(found);
      },
      (error: unknown) => {
        if (!gone) setFailure(errorSentence(error));
      },
    );
    return () => {
      gone = true;
    };
  }, [motions]);
  return { pairs, failure };
}

/** How far every two motions are apart. */
export function Pairs() {
  const { pairs, failure } = usePairs();
  if (failure) return <p className="panel-note field-error">{failure}</p>;
  if (pairs.length === 0) return null;
  const [{ overlapSec }] = pairs;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: many pairs scroll, and arrow keys are to reach them
    <section className="pairs" aria-label="Numbers of every pair" tabIndex={0}>
      <table data-testid="pairs">
        <thead>
          <tr>
            <th scope="col">Pair{overlapSec ? ` (${formatRange(overlapSec, "s")})` : ""}</th>
            <th scope="col">RMS (µm)</th>
            <th scope="col">mean |Δ| (µm)</th>
            <th scope="col">max |Δ| (µm)</th>
            <th scope="col">Pearson r</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ a, b, rmsUm, meanAbsUm, maxAbsUm, r }) => (
            <tr key={`${a} ${b}`}>
              <th scope="row">
                {a} − {b}
              </th>
              <td>{decimals(rmsUm, 2)}</td>
              <td>{decimals(meanAbsUm, 2)}</td>
              <td>{decimals(maxAbsUm, 2)}</td>
              <td>{decimals(r, 3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

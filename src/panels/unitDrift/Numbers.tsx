import { useEffect, useRef, useState } from "react";
import { withPaint } from "../../app/clients.ts";
import { formatCount, formatNumber } from "../../app/format.ts";
import { latestOnly } from "../../app/latest.ts";
import { activeMotion, useMotions } from "../../app/motions.ts";
import { notifyError } from "../../app/sessionStore.ts";
import { decimals } from "../../app/spikeFacts.ts";
import { stepUnit, useUnits } from "../../app/units.ts";
import { useView } from "../../app/viewStore.ts";
import type { UnitCourse, UnitDriftNumbers } from "../../protocol/units.ts";
import { useDepthVersion, useUnitDrifts } from "../../ui/useUnitDrifts.ts";

/** The numbers of the followed unit, asked again whenever spikes, their places or the motion change. */
function useNumbers(unit: number): UnitDriftNumbers | null {
  const [numbers, setNumbers] = useState<UnitDriftNumbers | null>(null);
  const isGone = useRef(false);
  const [ask] = useState(() =>
    latestOnly<number>(
      async (wanted) => {
        const found = await withPaint((paint) => paint.unitDrift(wanted));
        if (!isGone.current) setNumbers(found);
      },
      (error) => {
        if (!isGone.current) notifyError(error);
      },
    ),
  );
  const version = useDepthVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version is the reason to ask again
  useEffect(() => {
    // after the task in which they change: the paint worker has them by then
    const timer = setTimeout(() => ask(unit));
    return () => clearTimeout(timer);
  }, [unit, version, ask]);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  return numbers?.unit === unit ? numbers : null;
}

const um = (value: number) => `${decimals(value, 1)} µm`;

function Course({ course }: { course: UnitCourse }) {
  useMotions((state) => state.activeId);
  const { corrected, rangeUm, rmsUm, scatterUm, r, gain } = course;
  if (!corrected) {
    return (
      <>
        <span title="5th to 95th percentile of the running median">
          drift <b data-testid="unit-range">{um(rangeUm)}</b>
        </span>
        <span title="What the spread of the spikes alone would make of it">scatter alone {um(scatterUm)}</span>
        <span className="muted">no motion is there to compare with</span>
      </>
    );
  }
  return (
    <>
      <span title="5th to 95th percentile of the running median, before and after correction">
        drift <b data-testid="unit-range">{um(rangeUm)}</b> →{" "}
        <b data-testid="unit-range-corrected">{um(corrected.rangeUm)}</b> by {activeMotion()?.title ?? "the motion"}
      </span>
      <span title="What the spread of the spikes alone would make of that, after correction">
        scatter alone {um(corrected.scatterUm)}
      </span>
      <span title="Standard deviation of the running median, before and after correction">
        rms {decimals(rmsUm, 2)} → <b>{decimals(corrected.rmsUm, 2)} µm</b>
      </span>
      <span title="Pearson's r of the running median with the motion at the unit">
        r <b data-testid="unit-r">{decimals(r, 2)}</b>
      </span>
      <span title="µm that the unit moves per µm of motion">
        gain <b>{decimals(gain, 2)}</b>
      </span>
    </>
  );
}

/** What the followed unit's course comes to. */
function Followed({ unit }: { unit: number }) {
  const numbers = useNumbers(unit);
  return (
    <p className="unit-numbers" role="status" data-testid="unit-numbers">
      <span>
        <button type="button" className="quiet outlined" title="Previous unit (shift + g)" onClick={() => stepUnit(-1)}>
          ‹
        </button>{" "}
        unit <b>{unit}</b>{" "}
        <button type="button" className="quiet outlined" title="Next unit (g)" onClick={() => stepUnit(1)}>
          ›
        </button>
      </span>
      {numbers && (
        <>
          <span>
            <b>{formatCount(numbers.nSpikes)}</b> spikes at {formatNumber(numbers.depthUm, 5)} µm
          </span>
          {numbers.course ? (
            <Course course={numbers.course} />
          ) : (
            <span className="muted">too few spikes for a running median</span>
          )}
        </>
      )}
    </p>
  );
}

/** The followed unit in numbers, and below all of them in a sentence. */
export function Numbers() {
  const unit = useView((state) => state.unit);
  const summary = useUnits((state) => state.summary);
  useUnitDrifts(true);
  return (
    <>
      {unit !== null && <Followed unit={unit} />}
      {summary && (
        <p className="panel-note muted" data-testid="unit-summary">
          {summary}
        </p>
      )}
    </>
  );
}

import { useEffect, useRef, useState } from "react";
import { withPaint } from "../../app/clients.ts";
import { formatCount, formatNumber } from "../../app/format.ts";
import { latestOnly } from "../../app/latest.ts";
import { activeMotion, useMotions } from "../../app/motions.ts";
import { usePositions } from "../../app/positions.ts";
import { useResultVersion } from "../../app/results.ts";
import { notifyError } from "../../app/sessionStore.ts";
import { decimals } from "../../app/spikeFacts.ts";
import { useView } from "../../app/viewStore.ts";
import type { UnitCourse, UnitDriftNumbers } from "../../protocol/units.ts";

/** The numbers of the followed unit, asked again whenever spikes, their places or the motion change. */
function useNumbers(unit: number | null): UnitDriftNumbers | null {
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
  const versions = [useResultVersion("spikes"), useResultVersion("motion"), useResultVersion("run")].join();
  const positions = usePositions();
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are the reasons to ask again
  useEffect(() => {
    // after the task in which they change: the paint worker has them by then
    const timer = setTimeout(() => unit !== null && ask(unit));
    return () => clearTimeout(timer);
  }, [unit, versions, positions, ask]);
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
  const { corrected, r, gain } = course;
  return (
    <>
      <span>
        drift <b data-testid="unit-range">{um(course.rangeUm)}</b> (scatter alone {um(course.scatterUm)})
      </span>
      {corrected ? (
        <>
          <span>
            after {activeMotion()?.title ?? "the motion"}{" "}
            <b data-testid="unit-range-corrected">{um(corrected.rangeUm)}</b> (scatter alone {um(corrected.scatterUm)})
          </span>
          <span>
            rms {decimals(course.rmsUm, 2)} → <b>{decimals(corrected.rmsUm, 2)} µm</b>
          </span>
          <span>
            r with the motion <b data-testid="unit-r">{decimals(r, 2)}</b>
          </span>
          <span>
            gain <b>{decimals(gain, 2)}</b> µm per µm
          </span>
        </>
      ) : (
        <span className="muted">no motion is there to compare with</span>
      )}
    </>
  );
}

/** What the followed unit's course comes to. */
export function Numbers() {
  const unit = useView((state) => state.unit);
  const numbers = useNumbers(unit);
  if (unit === null) return null;
  return (
    <p className="unit-numbers" role="status" data-testid="unit-numbers">
      <span>
        unit <b>{unit}</b>
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

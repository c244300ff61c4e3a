import type { MethodCells, PictureKind } from "../protocol/pictures.ts";
import { withPaint } from "./clients.ts";
import { latestOnly } from "./latest.ts";
import { methodGrid, shownMethod } from "./methodGrid.ts";
import { forgetMethodScores, useMethodScores } from "./methodScores.ts";
import { useMotions } from "./motions.ts";
import { usePictures } from "./pictures.ts";
import { usePositions } from "./positions.ts";
import { getResults, subscribeResults } from "./results.ts";
import { notifyError, useSession } from "./sessionStore.ts";
import { useView } from "./viewStore.ts";

/** Pictures of all methods beside each other: the paint worker hears of the grid while one of them is on screen. */
const OF_GRID: ReadonlySet<PictureKind> = new Set(["grid-correlation"]);

const send = latestOnly<MethodCells | null>(async (methods) => {
  await withPaint((paint) => paint.setParts({ methods }));
}, notifyError);

/** The grid with its numbers, as pictures are drawn from it. */
export function methodCells(): MethodCells {
  const grid = methodGrid();
  const { scores } = useMethodScores.getState();
  const shown = shownMethod(grid);
  const cells = grid.cells.map(({ row, column, key }) => {
    const { rho = Number.NaN, matrix = null, problem = null } = scores[key] ?? {};
    const { positions } = row;
    const isShown = key === shown?.key;
    return {
      positions,
      motionId: column.motionId,
      title: `${row.title} · ${column.title}`,
      rho,
      matrix,
      problem,
      isShown,
    };
  });
  return { nColumns: grid.columns.length, cells };
}

/** Start following; returns the function that stops it. */
export function startMethodSync(): () => void {
  let sent = "";
  let { spikesGeneration } = getResults();
  const follow = () => {
    if (getResults().spikesGeneration !== spikesGeneration) {
      spikesGeneration = getResults().spikesGeneration;
      forgetMethodScores();
    }
    const isWanted = usePictures.getState().attached.some(({ kind }) => OF_GRID.has(kind));
    const { scores } = useMethodScores.getState();
    const grid = isWanted ? methodGrid() : null;
    const about = grid?.cells.map(({ key, row, column }) => [
      ...[key, row.title, column.title],
      ...[scores[key]?.rho, scores[key]?.problem, scores[key]?.matrix !== null],
    ]);
    const now = JSON.stringify([about ?? null, shownMethod()?.key, useSession.getState().paintGeneration]);
    if (now === sent) return;
    sent = now;
    send(grid ? methodCells() : null);
  };
  const stops = [
    usePictures.subscribe(follow),
    useMethodScores.subscribe(follow),
    useMotions.subscribe(follow),
    usePositions.subscribe(follow),
    useSession.subscribe(follow),
    useView.subscribe((now, before) => {
      if (now.projectCorrected !== before.projectCorrected) follow();
    }),
    subscribeResults("spikes", follow),
    subscribeResults("run", follow),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

import { type MethodCells, type PictureKind, TABLE_SET } from "../protocol/pictures.ts";
import { withPaint } from "./clients.ts";
import { latestOnly } from "./latest.ts";
import { rememberBlock } from "./methodBlocks.ts";
import { type GridRow, methodGrid, shownMethod, stackedMethods, useStack } from "./methodGrid.ts";
import { leaveMethodScores, useMethodScores } from "./methodScores.ts";
import { useMotions } from "./motions.ts";
import { wantPlaces } from "./otherPlaces.ts";
import { usePictures } from "./pictures.ts";
import { knownPositions, ownPositions, usePositions } from "./positions.ts";
import { getResults, subscribeResults } from "./results.ts";
import { notifyError, useSession } from "./sessionStore.ts";
import { useView } from "./viewStore.ts";

/** Pictures of all methods beside each other: the paint worker hears of the grid while one of them is on screen. */
const OF_GRID: ReadonlySet<PictureKind> = new Set(["grid-correlation", "grid-raster", "projections-stack"]);
/** Those of them that show the spikes themselves, at the places of every set. */
const OF_PLACES: ReadonlySet<PictureKind> = new Set(["grid-raster", "projections-stack"]);

const send = latestOnly<MethodCells | null>(async (methods) => {
  await withPaint((paint) => paint.setParts({ methods }));
}, notifyError);

/** The grid with its numbers, as pictures are drawn from it. */
export function methodCells(): MethodCells {
  const grid = methodGrid();
  const { scores } = useMethodScores.getState();
  const shown = shownMethod(grid);
  const stacked = stackedMethods(grid);
  const own = ownPositions(knownPositions(), getResults().spikes);
  const cells = grid.cells.map(({ row, column, key }) => {
    const { rho = Number.NaN, matrix = null, problem = null } = scores[key] ?? {};
    const { title: name } = row;
    const of = { set: setOf(row, own), name, motionId: column.motionId, title: `${name} · ${column.title}` };
    return { ...of, rho, matrix, problem, isShown: key === shown?.key, isStacked: stacked.has(key) };
  });
  return { nColumns: grid.columns.length, cells };
}

/** By what name the paint worker knows a set of positions. */
function setOf({ positions }: GridRow, own: string | null): string {
  return positions === null || positions === own ? TABLE_SET : positions;
}

/** Start following; returns the function that stops it. */
export function startMethodSync(): () => void {
  let sent = "";
  let { spikesGeneration } = getResults();
  const follow = () => {
    rememberBlock();
    if (getResults().spikesGeneration !== spikesGeneration) {
      spikesGeneration = getResults().spikesGeneration;
      leaveMethodScores();
    }
    const { attached } = usePictures.getState();
    const isWanted = attached.some(({ kind }) => OF_GRID.has(kind));
    const wantsPlaces = attached.some(({ kind }) => OF_PLACES.has(kind));
    const known = knownPositions();
    const own = ownPositions(known, getResults().spikes);
    wantPlaces("methods", wantsPlaces ? Object.keys(known).filter((name) => name !== own) : []);
    const { scores } = useMethodScores.getState();
    const grid = isWanted ? methodGrid() : null;
    const about = grid?.cells.map(({ key, row, column }) => [
      ...[key, row.title, column.title],
      ...[scores[key]?.rho, scores[key]?.problem, scores[key]?.matrix !== null],
    ]);
    const stacked = grid ? [...stackedMethods(grid)] : [];
    const now = JSON.stringify([about ?? null, stacked, shownMethod()?.key, useSession.getState().paintGeneration]);
    if (now === sent) return;
    sent = now;
    send(grid ? methodCells() : null);
  };
  const stops = [
    usePictures.subscribe(follow),
    useMethodScores.subscribe(follow),
    useMotions.subscribe(follow),
    usePositions.subscribe(follow),
    useStack.subscribe(follow),
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

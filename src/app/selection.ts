import { bracket } from "../core/motion.ts";
import type { ProbeSites, Range } from "../core/types.ts";
import type { PickedSpike } from "../protocol/pictures.ts";
import { withPaint } from "./clients.ts";
import { getResults, subscribeResults } from "./results.ts";
import { notifyError, useSession } from "./sessionStore.ts";
import { panRange } from "./viewMath.ts";
import { followUnit, type Ranges, setRanges, useView } from "./viewStore.ts";

/**
 * The selected spike. The paint worker knows where spikes are drawn, so it answers what a click means; the answer to the
 * newest question counts, and answers about spikes that were replaced meanwhile do not.
 */

/** How often the corrected depth of the selected spike follows a motion that is being learned. */
const FOLLOW_EVERY_MS = 250;

let lastQuestion = 0;
let lastChannelQuestion = 0;
/** row that a step has asked for and not yet got, so that a key held down misses none */
let pendingIndex: number | null = null;

async function ask(question: () => Promise<PickedSpike | null>): Promise<void> {
  const mine = ++lastQuestion;
  try {
    const selected = await question();
    if (mine === lastQuestion) select(selected);
  } catch (error) {
    notifyError(error);
  } finally {
    if (mine === lastQuestion) pendingIndex = null;
  }
}

/** A spike's peak channel is selected with it, and its unit followed, where the table says which those are. */
function select(selected: PickedSpike | null): void {
  const unit = selected ? getResults().spikes?.unit?.[selected.index] : undefined;
  if (unit !== undefined && unit >= 0) followUnit(unit);
  const channel = selected ? getResults().spikes?.channel?.[selected.index] : undefined;
  useView.setState(channel === undefined ? { selected } : { selected, selectedChannel: channel });
}

/** Select the channel of the contact seen at a place of the probe, and bring its depth to the middle. Never rejects. */
export async function pickChannelAt(pictureId: string, xCss: number, yCss: number): Promise<void> {
  const mine = ++lastChannelQuestion;
  try {
    const channel = await withPaint((paint) => paint.pickChannel(pictureId, xCss, yCss));
    if (mine === lastChannelQuestion) selectChannel(channel);
  } catch (error) {
    notifyError(error);
  }
}

function depthOfChannel(channel: number): number | null {
  return useSession.getState().recording?.recording.probe.positionsUm[channel]?.[1] ?? null;
}

/** Select a channel of the recording, or none; what is on screen moves so that its depth is in the middle. */
export function selectChannel(channel: number | null): void {
  useView.setState({ selectedChannel: channel });
  const depthUm = channel === null ? null : depthOfChannel(channel);
  if (depthUm === null) return;
  const { depth } = useView.getState().ranges;
  setRanges({ depth: panRange(depth, depthUm - (depth[0] + depth[1]) / 2) });
}

/** Select the next channel up (+1) or down (−1) the probe; without a selection, the lowest or the highest. */
export function stepChannel(by: 1 | -1): void {
  const { recording } = useSession.getState();
  if (!recording) return;
  const order = channelsUpwards(recording.recording.probe, recording.recording.nChannels);
  const { selectedChannel } = useView.getState();
  const at = selectedChannel === null ? (by > 0 ? -1 : order.length) : order.indexOf(selectedChannel);
  const next = order[at + by];
  if (next !== undefined) selectChannel(next);
}

/** Channels from the first shank to the last, from the lowest contact upwards. */
export function channelsUpwards({ positionsUm, shank }: ProbeSites, nChannels: number): number[] {
  const order = Array.from({ length: nChannels }, (_, channel) => channel);
  if (positionsUm.length < nChannels) return order;
  const byDepth = (a: number, b: number) =>
    positionsUm[a][1] - positionsUm[b][1] || positionsUm[a][0] - positionsUm[b][0];
  return order.sort((a, b) => (shank[a] ?? 0) - (shank[b] ?? 0) || byDepth(a, b));
}

/** µm above and below the selected spike or channel that a zoom shows. */
const ZOOM_AROUND_UM = 120;

/** Zoom into the depths around the selected spike, else the selected channel. */
export function zoomToSelection(): void {
  const { selected, selectedChannel } = useView.getState();
  const depthUm = selected?.depthUm ?? (selectedChannel === null ? null : depthOfChannel(selectedChannel));
  if (depthUm !== null && Number.isFinite(depthUm))
    setRanges({ depth: [depthUm - ZOOM_AROUND_UM, depthUm + ZOOM_AROUND_UM] });
}

/** Select the spike seen at a place of a picture, CSS px from its top left; select none where there is none. Never rejects. */
export async function pickAt(pictureId: string, xCss: number, yCss: number): Promise<void> {
  pendingIndex = null;
  await ask(() => withPaint((paint) => paint.pick(pictureId, xCss, yCss)));
}

/** Select the spike of a row, as it was selected before, and the channel that went with it. Never rejects. */
export async function selectRow(index: number, channel: number | null): Promise<void> {
  await ask(() => withPaint((paint) => paint.spikeAt(index)));
  if (channel !== null) useView.setState({ selectedChannel: channel });
}

/** Select none, whatever is still being asked. */
export function clearSelection(): void {
  lastQuestion++;
  pendingIndex = null;
  const { selected, selectedChannel } = useView.getState();
  if (selected || selectedChannel !== null) useView.setState({ selected: null, selectedChannel: null });
}

/**
 * Row that a step leads to; null when it leads nowhere. `timeSec` ascending; `current` null starts at the last spike not
 * after the middle of the time on screen.
 */
export function stepTarget(
  timeSec: Float64Array,
  current: number | null,
  by: 1 | -1,
  middleSec: number,
): number | null {
  if (timeSec.length === 0) return null;
  if (current === null) {
    const at = bracket(timeSec, middleSec);
    return at + 1 < timeSec.length && timeSec[at + 1] <= middleSec ? at + 1 : at;
  }
  const next = current + by;
  return next >= 0 && next < timeSec.length ? next : null;
}

/** Select the next or previous spike in time; without a selection, the one in the middle of the screen. Never rejects. */
export function stepSelection(by: 1 | -1): Promise<void> {
  const { selected, ranges } = useView.getState();
  const timeSec = getResults().spikes?.timeSec ?? new Float64Array(0);
  const current = pendingIndex ?? selected?.index ?? null;
  const index = stepTarget(timeSec, current, by, (ranges.time[0] + ranges.time[1]) / 2);
  if (index === null) return Promise.resolve();
  pendingIndex = index;
  return ask(() => withPaint((paint) => paint.spikeAt(index)));
}

/** Select a spike at random: of the brushed ones, else of those in the time and depth on screen. Never rejects. */
export function selectAtRandom(): Promise<void> {
  pendingIndex = null;
  return ask(() => withPaint((paint) => paint.randomSpike(Math.random())));
}

/** Select the spike of a row, which must be one of the table, and bring it on screen. Never rejects. */
export async function selectSpike(index: number): Promise<void> {
  pendingIndex = index;
  await ask(() => withPaint((paint) => paint.spikeAt(index)));
  const { selected, ranges } = useView.getState();
  if (selected?.index === index) setRanges(rangesWith(ranges, selected));
}

/** The ranges moved, as little as need be, so that a spike is inside; those that hold it stay. */
function rangesWith({ time, depth }: Ranges, { timeSec, depthUm }: PickedSpike): Partial<Ranges> {
  const centred = (range: Range, at: number) => panRange(range, at - (range[0] + range[1]) / 2);
  const holds = ([low, high]: Range, at: number) => !Number.isFinite(at) || (at >= low && at <= high);
  return {
    ...(holds(time, timeSec) ? {} : { time: centred(time, timeSec) }),
    ...(holds(depth, depthUm) ? {} : { depth: centred(depth, depthUm) }),
  };
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** The paint worker has another motion, or other places: read the selected spike's depths again, soon and not too often. */
export function followMotion(): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    void readAgain();
  }, FOLLOW_EVERY_MS);
}

async function readAgain(): Promise<void> {
  const before = useView.getState().selected;
  if (!before) return;
  const question = lastQuestion;
  try {
    const selected = await withPaint((paint) => paint.spikeAt(before.index));
    // only if it is still the one: another may have been selected meanwhile, or other spikes opened
    const isStill = question === lastQuestion && useView.getState().selected?.index === before.index;
    if (isStill) useView.setState({ selected });
  } catch (error) {
    notifyError(error);
  }
}

/** Forget the selection when rows mean other spikes; returns the function that stops it. */
export function startSelectionSync(): () => void {
  let generation = getResults().spikesGeneration;
  const stop = subscribeResults("spikes", () => {
    if (getResults().spikesGeneration === generation) return;
    generation = getResults().spikesGeneration;
    clearSelection();
  });
  return () => {
    stop();
    clearTimeout(timer);
    timer = undefined;
  };
}

import { choosePositions, knownPositions, usePositions } from "./positions.ts";
import { getResults, subscribeResults } from "./results.ts";
import { selectRow } from "./selection.ts";
import { notify, useSession } from "./sessionStore.ts";
import { fromFragment, type GivenView, type LinkedView, toFragment } from "./viewFragment.ts";
import { setRanges, useView, type ViewState } from "./viewStore.ts";

/** The view in the page's address: read when the page opens or the address changes, written whenever the view has come to rest. */

/** Browsers refuse more than about a hundred changes of the address in half a minute. */
const REST_MS = 400;

/** The theme is a habit of the person and not of the link: kept in this browser too. */
const THEME_KEY = "driftscope-theme";

/** The arrangement of the panels, which other code knows. */
export interface LayoutPort {
  /** the arrangement on screen, where it is one that every visitor has */
  now(): string | null;
  set(layout: string): void;
  subscribe(listener: () => void): () => void;
}

/** what the address asks of data that are to be opened; null when it asks nothing or they are there */
let linked: GivenView | null = null;
/** what it asks of results that are not there yet */
let awaited: Pick<GivenView, "positions" | "spike" | "channel"> = {};
let isApplied = false;
let layoutPort: LayoutPort | null = null;

/** Look at what the address asks for, in data that were just opened. Other data opened in the same go are looked at so too. */
export function applyLinkedView(): void {
  if (!linked) return;
  isApplied = true;
  const { ranges, positions, spike, channel, layout: _, theme: __, ...rest } = linked;
  useView.setState(rest satisfies Partial<ViewState>);
  setRanges(ranges);
  if (channel !== undefined) useView.setState({ selectedChannel: channel });
  awaited = { positions, spike, channel };
  // the pictures get the data in this task, and are asked for the spike after it
  setTimeout(applyAwaited);
}

function applyAwaited(): void {
  const { positions, spike } = awaited;
  if (positions && positions in knownPositions()) {
    awaited = { ...awaited, positions: null };
    choosePositions(positions);
  }
  const nSpikes = getResults().spikes?.nSpikes ?? 0;
  if (spike === undefined || spike === null || spike >= nSpikes) return;
  awaited = { ...awaited, spike: null };
  void selectRow(spike, awaited.channel ?? null);
}

/** What a link to this view carries. */
function linkedNow(): LinkedView {
  const { ranges, freeRanges, selected, selectedChannel, ...view } = useView.getState();
  return {
    ...view,
    ranges: { ...ranges, ...freeRanges },
    positions: usePositions.getState().chosen,
    spike: selected?.index ?? null,
    channel: selectedChannel,
    layout: layoutPort?.now() ?? null,
  };
}

function isOpen(): boolean {
  const { spikes, recording } = useSession.getState();
  return spikes !== null || recording !== null;
}

function write(): void {
  if (isOpen()) history.replaceState(null, "", `#${toFragment(linkedNow())}`);
}

/** Put the address of this view into the clipboard. Never rejects. */
export async function copyLink(): Promise<void> {
  write();
  try {
    await navigator.clipboard.writeText(location.href);
    notify("info", "The link to this view is in the clipboard. It holds where you look, never data.");
  } catch {
    notify(
      "info",
      "The browser does not let this page write to the clipboard; copy the page's address, which is the link.",
    );
  }
}

/** Ask the data for what the address says, now or when they are opened. */
function readAddress(): void {
  if (location.hash.length < 2) return;
  linked = fromFragment(location.hash);
  if (linked.layout) layoutPort?.set(linked.layout);
  if (linked.theme) useView.setState({ theme: linked.theme });
  isApplied = false;
  if (isOpen()) applyLinkedView();
}

/** The theme of this browser's last visit, else that of the system, which is followed until a person chooses. */
function startTheme(): () => void {
  const light = matchMedia("(prefers-color-scheme: light)");
  const kept = localStorage.getItem(THEME_KEY);
  let follows = kept !== "light" && kept !== "dark";
  let isFollowing = false;
  const follow = () => {
    if (!follows) return;
    isFollowing = true;
    useView.setState({ theme: light.matches ? "light" : "dark" });
    isFollowing = false;
  };
  if (kept === "light" || kept === "dark") useView.setState({ theme: kept });
  follow();
  light.addEventListener("change", follow);
  const stop = useView.subscribe(({ theme }, before) => {
    if (theme === before.theme || isFollowing) return;
    follows = false;
    localStorage.setItem(THEME_KEY, theme);
  });
  return () => {
    light.removeEventListener("change", follow);
    stop();
  };
}

/** Read the address and follow the view; returns the function that stops it. */
export function startLinkSync(layout: LayoutPort): () => void {
  layoutPort = layout;
  const stopTheme = startTheme();
  readAddress();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const writeSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(write, REST_MS);
  };
  // all that is opened in one go is looked at as the link says; what is opened later is not
  const stopSession = useSession.subscribe((now, before) => {
    if (isApplied && (before.opening === null) !== (now.opening === null)) linked = null;
  });
  const stops = [
    stopTheme,
    stopSession,
    useView.subscribe(writeSoon),
    usePositions.subscribe(writeSoon),
    layout.subscribe(writeSoon),
    subscribeResults("spikes", () => setTimeout(applyAwaited)),
    subscribeResults("run", applyAwaited),
  ];
  window.addEventListener("hashchange", readAddress);
  return () => {
    clearTimeout(timer);
    window.removeEventListener("hashchange", readAddress);
    for (const stop of stops) stop();
  };
}

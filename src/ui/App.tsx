import { lazy, Suspense, useEffect, useLayoutEffect, useMemo } from "react";
import { warmUp } from "../app/clients.ts";
import { startDataSets } from "../app/dataSets.ts";
import { startKeptSession } from "../app/keptSession.ts";
import { startLinkSync } from "../app/linkSync.ts";
import { startMethodSync } from "../app/methodSync.ts";
import { startEditSync } from "../app/motionEditing.ts";
import { useMotions } from "../app/motions.ts";
import { startOffline } from "../app/offline.ts";
import { startPageEffects } from "../app/pageEffects.ts";
import { startPaintSync } from "../app/paintSync.ts";
import { startRunScores } from "../app/runList.ts";
import { startScoresSync } from "../app/scores.ts";
import { useSession } from "../app/sessionStore.ts";
import { startWaveformSync } from "../app/spikeWaveform.ts";
import { checkUnfinishedAtStart } from "../app/unfinished.ts";
import { startViewHistory } from "../app/viewHistory.ts";
import { useView } from "../app/viewStore.ts";
import { DropList } from "./DropList.tsx";
import { DropOverlay } from "./DropOverlay.tsx";
import { ErrorStrip } from "./ErrorStrip.tsx";
import { KeyHelp } from "./KeyHelp.tsx";
import { layoutPort, readSavedLayouts } from "./layout.ts";
import { Palette } from "./Palette.tsx";
import { PlainForm } from "./PlainForm.tsx";
import type { PanelDef } from "./panel.ts";
import { RestoreBar } from "./RestoreBar.tsx";
import { Said } from "./Said.tsx";
import { StatusLine } from "./StatusLine.tsx";
import { TopBar } from "./TopBar.tsx";
import { UpdateNotice } from "./UpdateNotice.tsx";
import { useKeys } from "./useKeys.ts";
import { Welcome } from "./Welcome.tsx";

/** The whole page: a welcome until something is open, then the workbench, whose code is loaded at that moment. */
export function App({ loadPanels }: { loadPanels: () => Promise<readonly PanelDef[]> }) {
  const hasMotion = useMotions(({ entries }) => entries.length > 0);
  const hasData = useSession(({ recording, spikes }) => Boolean(recording ?? spikes)) || hasMotion;
  const theme = useView((state) => state.theme);
  const Workbench = useMemo(
    () =>
      lazy(async () => {
        const [{ Workbench: Loaded }, panels] = await Promise.all([import("./Workbench.tsx"), loadPanels()]);
        return { default: () => <Loaded panels={panels} /> };
      }),
    [loadPanels],
  );
  useKeys();
  // before any chart reads the CSS variables in an effect of its own
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useEffect(() => {
    readSavedLayouts();
    warmUp();
    checkUnfinishedAtStart();
    const stops = [
      startLinkSync(layoutPort),
      startPaintSync(),
      startPageEffects(),
      startEditSync(),
      startScoresSync(),
      startWaveformSync(),
      startOffline(),
      startMethodSync(),
      startViewHistory(),
    ];
    stops.push(startDataSets(), startRunScores());
    startKeptSession();
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <DropOverlay>
      <div className="page">
        {hasData && <TopBar />}
        <ErrorStrip />
        <UpdateNotice />
        {hasData && <RestoreBar />}
        <DropList />
        <PlainForm />
        {hasData ? (
          <Suspense fallback={<p className="loading">Loading the workbench…</p>}>
            <Workbench />
          </Suspense>
        ) : (
          <Welcome />
        )}
        {hasData && <StatusLine />}
      </div>
      <KeyHelp />
      <Palette />
      <Said />
    </DropOverlay>
  );
}

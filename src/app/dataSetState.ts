import type { DroppedFile } from "../protocol/datasets.ts";
import type { TrainedModel } from "../protocol/models.ts";
import { withPaint } from "./clients.ts";
import { type Found, nothingFound, putFound, takeFound } from "./found.ts";
import { getResults, keepPictures, setModel, setRecordingFiles } from "./results.ts";
import { type RunsState, restoreRuns, useRuns } from "./runList.ts";
import { notifyError, type OpenRecording, useSession } from "./sessionStore.ts";
import { forgetTraces } from "./traces.ts";

/** Everything of a data set but its settings. */
export interface DataSetState {
  found: Found;
  runs: Pick<RunsState, "runs" | "shownId">;
  recording: OpenRecording | null;
  recordings: readonly OpenRecording[];
  recordingFiles: DroppedFile[];
  spikeFiles: DroppedFile[];
  model: TrainedModel | null;
  modelInfo: ReturnType<typeof useSession.getState>["model"];
}

/** The open data set as it is. */
export function takeDataSet(): DataSetState {
  const { recordingFiles, spikeFiles, model } = getResults();
  const { recording, recordings, model: modelInfo } = useSession.getState();
  const { runs, shownId } = useRuns.getState();
  return {
    found: takeFound(),
    runs: { runs, shownId },
    recording,
    recordings,
    recordingFiles,
    spikeFiles,
    model,
    modelInfo,
  };
}

/** Nothing open, and nothing found. */
export function emptyDataSet(): DataSetState {
  return {
    found: nothingFound(),
    runs: { runs: [], shownId: null },
    recording: null,
    recordings: [],
    recordingFiles: [],
    spikeFiles: [],
    model: null,
    modelInfo: null,
  };
}

/** Put a data set on screen, in place of what is there. Both workers hear of it. */
export function putDataSet(state: DataSetState): void {
  const { recording, recordings, found } = state;
  setRecordingFiles(state.recordingFiles);
  setModel(state.model);
  keepPictures({ traces: null, waveform: null });
  forgetTraces();
  useSession.setState({ recording, recordings, model: state.modelInfo });
  const probe = recording?.recording.probe ?? found.info?.probe ?? null;
  withPaint((paint) => paint.setParts({ probe, traces: null, waveform: null })).catch(notifyError);
  putFound(found, state.spikeFiles, false);
  restoreRuns(state.runs);
}

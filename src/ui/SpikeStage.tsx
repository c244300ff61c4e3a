import type { ReactNode } from "react";
import { useSession } from "../app/sessionStore.ts";
import { useWaveform, whyNoWaveform } from "../app/spikeWaveform.ts";
import { useView } from "../app/viewStore.ts";
import { Empty } from "./PanelFrame.tsx";

interface SpikeStageProps {
  /** what a click on a spike would show here, one sentence */
  invitation: string;
  /** stands above, from the moment a spike is selected */
  above?: ReactNode;
  /** what shows the spike */
  children: ReactNode;
}

/** What every panel of one spike does while there is none: says what to do, and why nothing can be shown. */
export function SpikeStage({ invitation, above, children }: SpikeStageProps) {
  const why = useSession(whyNoWaveform);
  const isSelected = useView((state) => state.selected !== null);
  const { shown, reading, reason } = useWaveform();
  const none = why ?? (isSelected ? reason : invitation);
  return (
    <div className="panel-body">
      {isSelected && above}
      {none ? (
        <Empty>{none}</Empty>
      ) : (
        <div className="spike-stage" aria-busy={reading !== null} data-spike={shown?.index}>
          {children}
        </div>
      )}
    </div>
  );
}

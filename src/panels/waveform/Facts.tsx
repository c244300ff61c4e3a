import { useState } from "react";
import { getResults, useResultVersion } from "../../app/results.ts";
import { notifyError } from "../../app/sessionStore.ts";
import { decimals, factsAsTsv, type SpikeFacts, spikeFacts } from "../../app/spikeFacts.ts";
import type { PickedSpike } from "../../protocol/pictures.ts";
import type { SpikeWaveform } from "../../protocol/recordings.ts";
import "./facts.css";

/** A panel at least this high has room for the table of places, px. */
const OPEN_FROM_PX = 560;

function Places({ places }: Pick<SpikeFacts, "places">) {
  return (
    <table className="facts-table" data-testid="spike-places">
      <thead>
        <tr>
          <th scope="col">µm</th>
          {["x", "y", "z", "l_x", "l_y", "log₁₀ α"].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {places.map(({ id, name, xUm, yUm, zUm, localXUm, localYUm, logAlpha }) => (
          <tr key={id}>
            <th scope="row">{name}</th>
            {[xUm, yUm, zUm, localXUm, localYUm].map((value, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their places
              <td key={i}>{decimals(value, 1)}</td>
            ))}
            <td>{decimals(logAlpha, 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is known of the selected spike in numbers, at once; what its waveform adds when that is there. */
export function Facts({ picked, waveform }: { picked: PickedSpike; waveform: SpikeWaveform | null }) {
  useResultVersion("spikes");
  const [copied, setCopied] = useState<PickedSpike | null>(null);
  const facts = spikeFacts(picked, getResults().spikes, waveform);
  const copy = () => {
    navigator.clipboard.writeText(factsAsTsv(facts)).then(() => setCopied(picked), notifyError);
  };
  const openWhereRoom = (element: HTMLDetailsElement | null) => {
    const panel = element?.closest(".panel");
    if (element && panel && panel.clientHeight >= OPEN_FROM_PX) element.open = true;
  };
  return (
    <div className="facts">
      <p className="facts-line" data-testid="spike-facts">
        {facts.line.map(({ name, text }) => (
          <span key={name}>
            {name} <b>{text}</b>
          </span>
        ))}
        <button type="button" className="quiet outlined" onClick={copy} data-testid="copy-facts">
          {copied === picked ? "copied" : "copy"}
        </button>
      </p>
      {facts.places.length > 0 && (
        <details ref={openWhereRoom} className="fold">
          <summary>where each localizer puts it</summary>
          <Places places={facts.places} />
        </details>
      )}
    </div>
  );
}

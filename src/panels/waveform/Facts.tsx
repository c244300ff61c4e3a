import { useState } from "react";
import { getResults, useResultVersion } from "../../app/results.ts";
import { notifyError, sortingOf, useSession } from "../../app/sessionStore.ts";
import { decimals, factsAsTsv, type SpikeFacts, spikeFacts } from "../../app/spikeFacts.ts";
import { useWaveform } from "../../app/spikeWaveform.ts";
import { useView } from "../../app/viewStore.ts";
import type { PickedSpike } from "../../protocol/pictures.ts";
import { isToScale } from "../../protocol/waveformLayout.ts";
import "./facts.css";

const LAYOUTS = [
  { layout: "to-scale", title: "to scale", about: "µm on equal axes, the anchor ± 60 µm" },
  { layout: "roomy", title: "roomy", about: "room for every contact, axes on scales of their own" },
] as const;

function Layouts() {
  const layout = useView((state) => state.waveformLayout);
  const shown = useWaveform((state) => state.shown);
  const now = isToScale(layout, shown?.positionsUm ?? []) ? "to-scale" : "roomy";
  return (
    <fieldset className="segments" aria-label="Layout of the waveforms">
      {LAYOUTS.map(({ layout: one, title, about }) => (
        <button
          key={one}
          type="button"
          className="quiet outlined"
          aria-pressed={now === one}
          title={about}
          onClick={() => useView.setState({ waveformLayout: one })}
          data-testid={`waveform-${one}`}
        >
          {title}
        </button>
      ))}
    </fieldset>
  );
}

function Places({ places }: Pick<SpikeFacts, "places">) {
  return (
    <table className="facts-table" data-testid="spike-places">
      <thead>
        <tr>
          <th scope="col">localizer</th>
          {["x (µm)", "y (µm)", "z (µm)", "l_x (µm)", "l_y (µm)", "log₁₀ α"].map((name) => (
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
            <td>{decimals(xUm, 1)}</td>
            <td>{decimals(yUm, 1)}</td>
            <td>{decimals(zUm, 1)}</td>
            <td>{decimals(localXUm, 1)}</td>
            <td>{decimals(localYUm, 1)}</td>
            <td>{decimals(logAlpha, 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is known of the selected spike in numbers, at once; what its waveform adds when that is there. */
export function Facts({ picked }: { picked: PickedSpike }) {
  useResultVersion("spikes");
  const shown = useWaveform((state) => state.shown);
  const [isOpen, setOpen] = useState(false);
  const [copied, setCopied] = useState<PickedSpike | null>(null);
  // of another spike, a waveform says nothing of this one
  const own = shown?.index === picked.index ? shown : null;
  const facts = spikeFacts(picked, getResults().spikes, own, sortingOf(useSession.getState()));
  const copy = () => {
    navigator.clipboard.writeText(factsAsTsv(facts)).then(() => setCopied(picked), notifyError);
  };
  return (
    <div className="facts">
      <div className="facts-line">
        <div className="facts-words" data-testid="spike-facts">
          {facts.line.map(({ name, text }) => (
            <span key={name}>
              {name} <b>{text}</b>
            </span>
          ))}
        </div>
        <div className="facts-tools">
          <Layouts />
          <button
            type="button"
            className="quiet outlined"
            aria-expanded={isOpen}
            title="Where each localizer puts it"
            onClick={() => setOpen(!isOpen)}
            data-testid="show-places"
          >
            places
          </button>
          <button
            type="button"
            className="quiet outlined"
            title="Everything said of this spike, as a table of tabs"
            onClick={copy}
            data-testid="copy-facts"
          >
            {copied === picked ? "copied" : "copy"}
          </button>
        </div>
      </div>
      {own?.note && (
        <p className="muted" data-testid="waveform-note">
          {own.note}
        </p>
      )}
      {isOpen && <Places places={facts.places} />}
    </div>
  );
}

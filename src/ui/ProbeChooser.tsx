import { useEffect, useId, useState } from "react";
import { withIo } from "../app/clients.ts";
import { notifyError } from "../app/sessionStore.ts";
import type { ProbeChoice, ProbePart } from "../protocol/plainBinary.ts";

const USUAL_PITCH_UM = 20;
const USUAL_PART = "NP1000";

function useProbeParts(): readonly ProbePart[] {
  const [parts, setParts] = useState<readonly ProbePart[]>([]);
  useEffect(() => {
    withIo((io) => io.probeParts())
      .then(setParts)
      .catch(notifyError);
  }, []);
  return parts;
}

interface Props {
  value: ProbeChoice;
  onChange(choice: ProbeChoice): void;
  /** what choosing none means, e.g. "unknown for now" */
  none: string;
}

function first(kind: string): ProbeChoice {
  if (kind === "part") return { kind, partNumber: USUAL_PART };
  if (kind === "linear") return { kind, pitchUm: USUAL_PITCH_UM };
  return { kind: "none" };
}

function PartSelect({ partNumber, onChange }: { partNumber: string; onChange: Props["onChange"] }) {
  const parts = useProbeParts();
  return (
    <>
      <select
        aria-label="Part number of the probe"
        value={partNumber}
        onChange={(event) => onChange({ kind: "part", partNumber: event.target.value })}
        data-testid="probe-part"
      >
        {parts.map((part) => (
          <option key={part.partNumber} value={part.partNumber}>
            {part.partNumber} · {part.model}
          </option>
        ))}
      </select>
      <p className="muted">
        Contacts as the maker's software connects them at first: bank 0, on the first shank. If sites were chosen
        otherwise, give a file.
      </p>
    </>
  );
}

function PitchField({ pitchUm, onChange }: { pitchUm: number; onChange: Props["onChange"] }) {
  const [text, setText] = useState(String(pitchUm));
  return (
    <label className="probe-pitch">
      Pitch{" "}
      <input
        className="number"
        inputMode="decimal"
        value={text}
        aria-invalid={!(pitchUm > 0)}
        onChange={(event) => {
          setText(event.target.value);
          onChange({ kind: "linear", pitchUm: Number(event.target.value || Number.NaN) });
        }}
        data-testid="probe-pitch"
      />{" "}
      µm, channel 0 at the tip
    </label>
  );
}

/** Where the contacts lie: nobody knows, in a file, by part number, or in a line. */
export function ProbeChooser({ value, onChange, none }: Props) {
  const [isFile, setIsFile] = useState(value.kind === "file");
  const id = useId();
  const kind = isFile ? "file" : value.kind;
  return (
    <div className="probe-chooser">
      <label htmlFor={id}>Probe</label>
      <div className="probe-fields">
        <select
          id={id}
          value={kind}
          onChange={(event) => {
            setIsFile(event.target.value === "file");
            onChange(first(event.target.value));
          }}
          data-testid="probe-kind"
        >
          <option value="none">{none}</option>
          <option value="file">from a file</option>
          <option value="part">a Neuropixels part number</option>
          <option value="linear">contacts in a line</option>
        </select>
        {kind === "file" && (
          <input
            type="file"
            accept=".json,.npy"
            aria-label="A probeinterface .json or channel_locations.npy"
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              onChange(file ? { kind: "file", file: { path: file.name, file } } : { kind: "none" });
            }}
            data-testid="probe-file"
          />
        )}
        {value.kind === "part" && <PartSelect partNumber={value.partNumber} onChange={onChange} />}
        {value.kind === "linear" && <PitchField pitchUm={value.pitchUm} onChange={onChange} />}
      </div>
    </div>
  );
}

import { type ReactNode, useEffect, useId, useRef } from "react";
import { openPlain } from "../app/attachProbe.ts";
import { formatBytes, formatCount, formatDuration } from "../app/format.ts";
import {
  choosePlain,
  closePlain,
  layoutOf,
  type PlainImport,
  type PlainTexts,
  savePlainDescription,
  setPlainProbe,
  setPlainText,
  usePlain,
} from "../app/plainImport.ts";
import { useSession } from "../app/sessionStore.ts";
import { type PlainType, plainTypes } from "../protocol/plainBinary.ts";
import { PlainHeatMap } from "./PlainHeatMap.tsx";
import { ProbeChooser } from "./ProbeChooser.tsx";
import "./plain.css";

const TYPE_WORDS: Record<PlainType, string> = {
  int16: "int16 (usual)",
  uint16: "uint16",
  ">i2": "int16, big-endian",
  int32: "int32",
  float32: "float32",
  float64: "float64",
};

type NumberName = Exclude<keyof PlainTexts, "dtype">;

interface FieldProps {
  asked: PlainImport;
  name: NumberName;
  label: string;
  placeholder?: string;
  children?: ReactNode;
}

/** One number of the form, with what is known of it. */
function NumberField({ asked, name, label, placeholder, children }: FieldProps) {
  const id = useId();
  const value = layoutOf(asked.texts)[name];
  return (
    <div className="plain-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="number"
        inputMode="decimal"
        value={asked.texts[name]}
        placeholder={placeholder}
        aria-invalid={value !== null && !Number.isFinite(value)}
        aria-describedby={`${id}-note`}
        onChange={(event) => setPlainText(name, event.target.value)}
        data-testid={`plain-${name}`}
      />
      <div id={`${id}-note`} className="muted">
        {children}
      </div>
    </div>
  );
}

/** The counts that explain the samples best, to be taken by a click. */
function Candidates({ asked }: { asked: PlainImport }) {
  const { candidates } = asked.peeks[asked.index];
  if (candidates.length === 0) return <span>the samples do not tell: a usual count that fits the size</span>;
  return (
    <span className="row plain-candidates">
      {candidates.map(({ nSaved, score, divides }) => (
        <button
          key={nSaved}
          type="button"
          className="chip"
          aria-pressed={asked.texts.nSaved === String(nSaved)}
          title={`Leaves ${Math.round(100 * score)} % less unexplained than a count that means nothing${divides ? "; the file holds a whole number of such samples" : ""}`}
          onClick={() => setPlainText("nSaved", String(nSaved))}
          data-testid={`plain-candidate-${nSaved}`}
        >
          {nSaved} · {score.toFixed(2)}
          {divides ? " · fits the size" : ""}
        </button>
      ))}
    </span>
  );
}

function Fields({ asked }: { asked: PlainImport }) {
  const id = useId();
  const peek = asked.peeks[asked.index];
  return (
    <div className="plain-fields">
      <NumberField asked={asked} name="nSaved" label="Channels per sample">
        <Candidates asked={asked} />
      </NumberField>
      <NumberField asked={asked} name="sync" label="of these, sync words at the end">
        not neural: read, but left out of everything
      </NumberField>
      <div className="plain-field">
        <label htmlFor={id}>Number type</label>
        <select
          id={id}
          value={asked.texts.dtype}
          onChange={(event) => setPlainText("dtype", event.target.value as PlainType)}
          data-testid="plain-dtype"
        >
          {plainTypes.map((type) => (
            <option key={type} value={type}>
              {TYPE_WORDS[type]}
            </option>
          ))}
        </select>
        <div className="muted">
          {asked.texts.dtype === peek.guess.dtype
            ? `guessed: ${peek.typeReason}`
            : "little-endian unless it says otherwise"}
        </div>
      </div>
      <NumberField asked={asked} name="rateHz" label="Sampling rate (Hz)">
        {asked.texts.rateHz === String(peek.guess.rateHz) ? "a guess: it stands in no file" : ""}
      </NumberField>
      <NumberField asked={asked} name="offsetBytes" label="Bytes before the first sample">
        {Number(asked.texts.offsetBytes) === 0 ? "no header" : "a header of so many bytes"}
      </NumberField>
      <NumberField asked={asked} name="uvPerBit" label="µV per unit" placeholder="unknown">
        {asked.texts.uvPerBit === "" ? "unknown: amplitudes will be in units of the file" : ""}
      </NumberField>
      <ProbeChooser value={asked.probe} none="unknown for now" onChange={setPlainProbe} />
    </div>
  );
}

/** What the layout makes of the file, or what is wrong with it. */
function Verdict({ asked }: { asked: PlainImport }) {
  const { picture, error, texts } = asked;
  if (error)
    return (
      <p className="field-error" role="alert" data-testid="plain-error">
        {error}
      </p>
    );
  if (!picture) return <p className="muted">Reading a stretch of the file…</p>;
  const { rateHz } = layoutOf(texts);
  const { nSamples, leftBytes, nNotFinite } = picture;
  return (
    <p aria-live="polite" data-testid="plain-verdict">
      {formatCount(nSamples)} samples, {formatDuration(nSamples / rateHz)}.
      {leftBytes > 0 && (
        <span className="plain-warning">
          {" "}
          {leftBytes} bytes are left over at the end and will not be read: the count may be wrong, or the file was cut
          short.
        </span>
      )}
      {nNotFinite > 0 && (
        <span className="plain-warning">
          {" "}
          {formatCount(nNotFinite)} values of this stretch are no finite numbers: the number type may be wrong.
        </span>
      )}
    </p>
  );
}

/** How a headerless binary is to be read: what the samples tell is filled in, and a picture shows whether it is right. */
export function PlainForm() {
  const asked = usePlain((state) => state.asked);
  const opening = useSession((state) => state.opening);
  const title = useRef<HTMLHeadingElement>(null);
  const path = asked?.peeks[asked.index].path;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another file is another question
  useEffect(() => title.current?.focus(), [path]);
  if (!asked) return null;
  const { bytes } = asked.peeks[asked.index];
  return (
    <section className="plain-form" aria-label="How to read a headerless binary" data-testid="plain-form">
      <div className="row spread">
        <h2 ref={title} tabIndex={-1}>
          How is {path?.split("/").at(-1)} to be read?
        </h2>
        <button type="button" className="quiet" onClick={closePlain} aria-label="Close without opening">
          ✕
        </button>
      </div>
      <p className="muted">
        {formatBytes(bytes)} of numbers without a description that fits. What the samples tell is filled in; the picture
        shows whether it is right.
      </p>
      {asked.peeks.length > 1 && (
        <label className="plain-which">
          File{" "}
          <select value={asked.index} onChange={(event) => choosePlain(Number(event.target.value))}>
            {asked.peeks.map((one, i) => (
              <option key={one.path} value={i}>
                {one.path} ({formatBytes(one.bytes)})
              </option>
            ))}
          </select>
        </label>
      )}
      <div className="plain-columns">
        <Fields asked={asked} />
        <PlainHeatMap picture={asked.picture} rateHz={layoutOf(asked.texts).rateHz} />
      </div>
      <Verdict asked={asked} />
      <div className="row">
        <button
          type="button"
          className="button primary"
          disabled={asked.error !== null || opening !== null}
          onClick={() => void openPlain()}
          data-testid="plain-open"
        >
          Open
        </button>
        <button
          type="button"
          className="button"
          title="A small .json: laid beside the binary, it opens without questions, here and in SpikeInterface"
          onClick={() => void savePlainDescription()}
          data-testid="plain-save"
        >
          Save this description
        </button>
        <button type="button" className="button" onClick={closePlain}>
          Cancel
        </button>
      </div>
    </section>
  );
}

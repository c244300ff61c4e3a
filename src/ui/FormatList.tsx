import { useEffect, useState } from "react";
import { withIo } from "../app/clients.ts";
import { errorSentence } from "../app/sessionStore.ts";
import type { FormatRow } from "../protocol/datasets.ts";

/** What can be dropped, as the readers say it themselves; asked for when it is unfolded. */
export function FormatList() {
  const [open, setOpen] = useState(false);
  const [rows, setRows] = useState<FormatRow[] | string | null>(null);
  useEffect(() => {
    if (!open) return;
    withIo((io) => io.formats()).then(setRows, (error: unknown) => setRows(errorSentence(error)));
  }, [open]);
  return (
    <details className="format-list" data-testid="format-list" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What can be dropped: every format, by what it is known, what is read of it</summary>
      {typeof rows === "string" && <p>{rows}</p>}
      {Array.isArray(rows) && (
        <dl>
          {rows.map(({ id, title, knownBy, reads, leaves }) => (
            <div key={id}>
              <dt>{title}</dt>
              <dd>
                {reads}
                <span className="muted"> Known by {knownBy}.</span>
                {leaves !== "" && <span className="muted"> Not read: {leaves}.</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  );
}

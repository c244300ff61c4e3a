import { type SyntheticEvent, useState } from "react";
import {
  closePanel,
  deleteLayout,
  layoutTitle,
  openPanel,
  renameLayout,
  resetLayout,
  saveLayout,
  setLayout,
  useLayout,
} from "./layout.ts";
import { Menu } from "./Menu.tsx";
import { PRESETS } from "./presets.ts";
import { RenameField } from "./RenameField.tsx";

/** A saved layout: chosen by its name, renamed in place, deleted. */
function Saved({ name, isNow }: { name: string; isNow: boolean }) {
  const [isRenaming, setRenaming] = useState(false);
  if (isRenaming) {
    return (
      <div className="row layout-row">
        <RenameField name={name} onRename={(next) => renameLayout(name, next)} onEnd={() => setRenaming(false)} />
      </div>
    );
  }
  return (
    <div className="row layout-row">
      <button type="button" className="button" aria-pressed={isNow} onClick={() => setLayout(name)}>
        {name}
      </button>
      <button
        type="button"
        className="quiet"
        aria-label={`Rename the layout ${name}`}
        onClick={() => setRenaming(true)}
      >
        ✎
      </button>
      <button
        type="button"
        className="quiet"
        aria-label={`Delete the layout ${name}`}
        onClick={() => deleteLayout(name)}
      >
        ✕
      </button>
    </div>
  );
}

/** Keep the arrangement on screen under a name. */
function SaveForm() {
  const [name, setName] = useState("");
  const save = (event: SyntheticEvent) => {
    event.preventDefault();
    if (saveLayout(name) !== null) setName("");
  };
  return (
    <form className="row layout-row" onSubmit={save}>
      <input
        value={name}
        placeholder="Name"
        aria-label="Name for the arrangement on screen"
        onChange={(event) => setName(event.target.value)}
        data-testid="layout-name"
      />
      <button type="submit" className="button" data-testid="layout-save">
        Save
      </button>
    </form>
  );
}

/** Which panels are on screen and where: presets, those that were saved, and back to where they start. */
export function LayoutMenu() {
  const { layout, isChanged, saved } = useLayout();
  return (
    <Menu label={`Layout: ${layoutTitle(layout)}${isChanged ? " *" : ""}`} testId="layout-menu">
      <div className="menu-column">
        {PRESETS.map(({ id, title, about }, index) => (
          <button
            key={id}
            type="button"
            className="button layout-preset"
            aria-pressed={layout === id}
            onClick={() => setLayout(id)}
            data-testid={`layout-${id}`}
          >
            <span>{title}</span>
            <kbd>⇧{index + 1}</kbd>
            <span className="muted">{about}</span>
          </button>
        ))}
        <button type="button" className="quiet" disabled={!isChanged} onClick={resetLayout} data-testid="layout-reset">
          Put the panels back
        </button>
        <h2>Saved in this browser</h2>
        {saved.length === 0 && <p className="muted">None yet.</p>}
        {saved.map(({ name }) => (
          <Saved key={name} name={name} isNow={layout === name} />
        ))}
        <SaveForm />
      </div>
    </Menu>
  );
}

/** Every panel there is: opened, brought to the front, or closed. */
export function PanelsMenu() {
  const { panels, docked } = useLayout();
  return (
    <Menu label="Panels" testId="panels-menu">
      <ul className="menu-column panel-list">
        {panels.map(({ id, title }) => (
          <li key={id} className="row layout-row">
            <button type="button" className="button" onClick={() => openPanel(id)} data-testid={`open-${id}`}>
              {title}
            </button>
            <button
              type="button"
              className="quiet"
              disabled={!docked.includes(id)}
              aria-label={`Close the panel ${title}`}
              title={docked.includes(id) ? "Close" : "Not on screen"}
              onClick={() => closePanel(id)}
            >
              {docked.includes(id) ? "✕" : "–"}
            </button>
          </li>
        ))}
      </ul>
    </Menu>
  );
}

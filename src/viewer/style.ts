/** The page's look. It belongs to the script, so that the page's policy need not allow styles in its text. */
export const styleText = `
:root { color-scheme: dark; --ground: #0f1217; --surface: #151a21; --raised: #1c232c; --line: #252d38; --strong: #3a4553; --text: #dbe2ea; --muted: #98a4b3; --accent: #6cb2f2; }
:root[data-theme="light"] { color-scheme: light; --ground: #eef0f3; --surface: #fff; --raised: #f5f7f9; --line: #dde2e8; --strong: #b4bec9; --text: #1c232b; --muted: #556271; --accent: #1a66ad; }
*, *::before, *::after { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; min-height: 760px; background: var(--ground); color: var(--text); font: 13px/1.45 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0; max-width: 28em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 14px; font-weight: 650; }
h2 { margin: 0; font-size: 11px; font-weight: 650; letter-spacing: .05em; text-transform: uppercase; color: var(--muted); cursor: help; }
p { margin: 0; }
.bar { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; padding: 6px 10px; background: var(--surface); border-bottom: 1px solid var(--line); }
.bar label { display: flex; gap: 6px; align-items: center; color: var(--muted); }
.grow { flex: 1; }
button, select { font: inherit; color: var(--text); background: var(--raised); border: 1px solid var(--strong); border-radius: 6px; padding: 3px 9px; max-width: 13em; }
button:hover { border-color: var(--accent); cursor: pointer; }
button.quiet { padding: 0 6px; border-color: transparent; background: none; color: var(--muted); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.shown { padding: 4px 10px; color: var(--muted); border-bottom: 1px solid var(--line); background: var(--surface); }
main { flex: 1; min-height: 640px; display: grid; gap: 6px; padding: 6px; grid-template-columns: minmax(0, 1.5fr) minmax(0, 1.15fr) minmax(340px, 1.05fr); grid-template-rows: minmax(0, 1.25fr) minmax(0, 1fr); grid-template-areas: "projections pairs side" "raster pairs side"; }
main.places, main.depths { grid-template-columns: minmax(0, 2.2fr) minmax(340px, 1fr); grid-template-areas: "projections side" "raster side"; }
main.depths { grid-template-rows: minmax(0, 1fr); grid-template-areas: "raster side"; }
.panel { position: relative; display: flex; flex-direction: column; min-height: 0; min-width: 0; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.panel header { display: flex; gap: 4px; align-items: center; padding: 2px 4px 2px 8px; }
.panel.large { position: fixed; inset: 8px; z-index: 3; box-shadow: 0 10px 30px rgb(0 0 0 / 45%); }
.picture { position: relative; flex: 1; min-height: 0; overflow: hidden; touch-action: none; cursor: crosshair; }
.picture canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.zoom-box { position: absolute; z-index: 1; border: 1px solid var(--accent); background: color-mix(in srgb, var(--accent) 18%, transparent); pointer-events: none; }
[data-kind="projections"] { grid-area: projections; }
[data-kind="raster-raw"], [data-kind="raster-corrected"] { grid-area: raster; }
[data-kind="local-pairs"] { grid-area: pairs; }
.side { grid-area: side; display: flex; flex-direction: column; gap: 6px; min-height: 0; }
.side .panel { flex: 1 1 0; }
.side .panel[data-kind="waveform"] { flex-grow: 1.4; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 1px 10px; margin: 0; padding: 8px 10px; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.note { padding: 4px 10px; color: var(--muted); }
details.about .facts { margin-top: 6px; }
details.about { max-height: 45vh; overflow: auto; padding: 6px 10px; background: var(--surface); border-top: 1px solid var(--line); }
details.about > p { max-width: 80em; margin: 6px 0; }
summary { cursor: pointer; color: var(--muted); }
.failure { padding: 8px 10px; background: #3a1b1a; color: #ffb3a9; }
[hidden] { display: none !important; }
@media (max-width: 1000px) { body { min-height: 0; height: auto; } main, main.places, main.depths { display: flex; flex-direction: column; } .panel { height: 60vh; flex: none; } .side .panel { flex: none; } }
`;

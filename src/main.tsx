import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { assert } from "./core/errors.ts";
import { App } from "./ui/App.tsx";
import "./ui/theme.css";
import "./ui/shell.css";
import "./ui/welcome.css";

const root = document.getElementById("root");
assert(root, "index.html has an element with the id root");
createRoot(root).render(
  <StrictMode>
    <App loadPanels={async () => (await import("./panels/registry.ts")).panels} />
  </StrictMode>,
);

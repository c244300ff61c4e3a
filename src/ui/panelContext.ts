import { createContext } from "react";

/** Id of the panel that something stands in; empty outside of all. */
export const PanelContext = createContext("");

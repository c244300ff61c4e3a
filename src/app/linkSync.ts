import { useSession } from "./sessionStore.ts";
import { fromFragment, toFragment } from "./viewFragment.ts";
import { useView } from "./viewStore.ts";

/** The view in the page's address: read once when the page opens, written whenever the view has come to rest. */

/** Browsers refuse more than about a hundred changes of the address in half a minute. */
const REST_MS = 400;

/** The theme is a habit of the person and not of the link: kept in this browser too. */
const THEME_KEY = "driftscope-theme";

let linked: ReturnType<typeof fromFragment> | null = null;

/** What the address asked for, once; null after that or when it asks for nothing. */
export function takeLinkedView(): ReturnType<typeof fromFragment> | null {
  const view = linked;
  linked = null;
  return view;
}

/** Read the address and follow the view; returns the function that stops it. */
export function startLinkSync(): () => void {
  if (location.hash.length > 1) {
    linked = fromFragment(location.hash);
  }
  const theme = linked?.theme ?? localStorage.getItem(THEME_KEY);
  if (theme === "light" || theme === "dark") useView.setState({ theme });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = useView.subscribe((state) => {
    clearTimeout(timer);
    localStorage.setItem(THEME_KEY, state.theme);
    const { spikes, recording } = useSession.getState();
    if (!spikes && !recording) return;
    timer = setTimeout(() => history.replaceState(null, "", `#${toFragment(state)}`), REST_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

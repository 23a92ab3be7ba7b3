/*
 * 'Terug' leads to the list the agent came from, at the page where it was. Without script it leads to the
 * ticket's queue.
 */
import { behave } from "./behave.js";

const KEY = "kvv-overview";

behave(".overview", () => sessionStorage.setItem(KEY, location.pathname + location.search));
behave(".actions__back", (link) => {
  const from = sessionStorage.getItem(KEY);
  if (from) link.href = from;
});

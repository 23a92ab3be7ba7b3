/*
 * Reads a list again by itself, every so many minutes, where its agent has chosen that. It never does under
 * somebody's hands: not while a dialog or a menu is open, while one types in the list, or while nobody looks.
 * Scrolling, focus and ticks stay as they are (the ticks by `picks.js`); what can't be read is left for the next
 * time, and says nothing.
 */
import { behave } from "./behave.js";

const LOOK_MS = 10_000;
const AT_WORK = "dialog[open], [popover]:popover-open, details.drop[open]";
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select";

const address = () => location.pathname + location.search;
const isQuiet = (list) => !document.hidden && !document.querySelector(AT_WORK)
  && !(list.contains(document.activeElement) && document.activeElement.matches(TYPING));

/* By the clock of the house, as all other moments of the page are. */
const clock = (timeZone) => new Date().toLocaleTimeString(
  document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone },
);

/* What finds the focused element again in the list that comes: the same of those with its link, or what it sends. */
function placeOf(list) {
  const focused = document.activeElement;
  if (!list.contains(focused)) return null;
  const names = ["id", "href", "name", "value"].filter((name) => focused.hasAttribute(name));
  const alike = focused.localName + names.map((name) => `[${name}="${CSS.escape(focused.getAttribute(name))}"]`).join("");
  const at = [...list.querySelectorAll(alike)].indexOf(focused);
  return () => list.querySelectorAll(alike)[at];
}

behave("[data-refresh]", (list) => {
  const every = list.dataset.refresh * 60_000;
  let next, asked, focused, isLegendOpen;
  const wait = () => { next = Date.now() + every; };
  const isOurs = ({ requestConfig }) => requestConfig?.elt === list;

  const ask = () => {
    wait();
    asked = address();
    window.htmx.ajax("GET", asked, { source: list, target: list, swap: "innerHTML" });
  };
  list.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!isOurs(detail)) return;
    if (asked !== address() || !isQuiet(list)) detail.shouldSwap = false;
    focused = placeOf(list);
    isLegendOpen = list.querySelector(".legend")?.open;
  });
  list.addEventListener("htmx:afterSwap", ({ detail }) => {
    wait();
    if (!isOurs(detail)) return;
    focused?.()?.focus({ preventScroll: true });
    if (isLegendOpen) list.querySelector(".legend")?.setAttribute("open", "");
    const said = list.querySelector("[data-fresh]");
    if (said) said.textContent = said.dataset.fresh.replace("#", clock(said.dataset.zone));
  });
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    list.addEventListener(failure, (event) => { if (event.detail.elt === list) event.stopPropagation(); });
  }
  wait();
  setInterval(() => { if (Date.now() >= next && isQuiet(list)) ask(); }, LOOK_MS);
});

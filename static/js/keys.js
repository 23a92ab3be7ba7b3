/*
 * Keys: one letter does what stands on the page with that `data-key`, and what is not there has no key. In a list
 * j and k go from ticket to ticket, x ticks one and o opens it; ? shows the keys of this page. None while one types, and only
 * those of the topmost layer: what lies under a dialog can't be pressed by mouse either.
 */
import { behave } from "./behave.js";

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const STEPS = { j: 1, k: -1 };

const seen = (elements) => [...elements].filter((element) => element.checkVisibility());
const layer = () => [...document.querySelectorAll("dialog:modal")].at(-1)
  ?? document.querySelector("[popover]:popover-open") ?? document.body;

const pressable = () => seen(document.querySelectorAll("[data-key], [data-keys]"));

/* Focus goes to the next ticket of the list, or to the one before; to the first one from elsewhere. */
function step(rows, by) {
  const here = rows.findIndex((row) => row.closest("tr, li").contains(document.activeElement));
  const next = rows[here < 0 ? 0 : Math.min(Math.max(here + by, 0), rows.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function press(key, top) {
  const rows = seen(top.querySelectorAll("[data-row]"));
  if (rows.length && STEPS[key]) return step(rows, STEPS[key]) ?? true;
  const here = rows.find((row) => row.closest("tr, li").contains(document.activeElement));
  if (here && key === "o") return here.click() ?? true;
  const tick = here?.closest("tr, li").querySelector(".pick input");
  if (tick && key === "x") return tick.click() ?? true;
  const [element] = seen(top.querySelectorAll(`[data-key="${CSS.escape(key)}"]`));
  if (!element) return false;
  element.click();
  return true;
}

/* The keys of what can be pressed now, in the words that stand on it. */
function show(template) {
  const dialog = template.content.firstElementChild.cloneNode(true);
  const lines = new Map();
  for (const { dataset: { key, keys, keyWord }, textContent } of pressable()) {
    lines.set(key ?? keys, keyWord ?? textContent.trim().replace(/\s+/g, " "));
  }
  dialog.querySelector("[data-keys-here]").replaceChildren(...[...lines].flatMap(([keys, word]) => {
    const [term, meaning] = ["dt", "dd"].map((tag) => document.createElement(tag));
    for (const key of keys.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      term.append(cap, " ");
    }
    meaning.textContent = word;
    return [term, meaning];
  }));
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  for (const way of dialog.querySelectorAll("[data-close]")) way.addEventListener("click", () => dialog.close());
  dialog.showModal();
}

behave("#toetsen", (template) => {
  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey, repeat, defaultPrevented, isComposing } = event;
    if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented || key.length !== 1) return;
    if (target.closest?.(TYPING) || (repeat && !STEPS[key])) return;
    if (key === "?" && !document.querySelector("dialog:modal")) { event.preventDefault(); show(template); return; }
    if (press(key, layer())) event.preventDefault();
  });
});

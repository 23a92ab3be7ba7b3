/*
 * The last searches of an agent, on this machine alone: the server keeps none, for a page that is only looked at
 * writes nothing. They are gone with 'Forget', and where one signs in: who comes next reads nobody else's.
 */
import { behave } from "./behave.js";

const MOST = 10;
const LENGTH_MOST = 1000;
const PREFIX = "kvv-searches:";

const read = (key) => {
  try { return JSON.parse(localStorage.getItem(key) ?? "[]").filter((each) => Array.isArray(each)); } catch { return []; }
};
const keep = (key, searches) => {
  try { localStorage.setItem(key, JSON.stringify(searches)); } catch { /* there is none to look back at, then */ }
};

behave("[data-searches]", (box) => {
  const { searches, search, typed } = box.dataset;
  const key = PREFIX + searches;
  const before = read(key).filter(([query]) => query !== search);
  if (typed && search.length <= LENGTH_MOST) keep(key, [[search, typed], ...before].slice(0, MOST));
  box.querySelector("ul").replaceChildren(...before.slice(0, MOST - 1).map(([query, words]) => {
    const [item, link, name] = ["li", "a", "span"].map((tag) => document.createElement(tag));
    link.href = `?${query}`;
    name.className = "facet__name";
    name.textContent = words;
    link.append(name);
    item.append(link);
    return item;
  }));
  box.hidden = !before.length;
  box.querySelector("[data-forget]").addEventListener("click", () => {
    keep(key, []);
    box.hidden = true;
  });
});

behave("[data-signing-in]", () => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch { /* there is nothing to forget */ }
});

/*
 * While a question is typed, the answers that there may be to it already stand below it; how many is told, and
 * nothing moves under who is typing. Without this file a button of the form asks for them.
 */
import { behave } from "./behave.js";

const WAIT = 700; // milliseconds after the last key
const MOST = 800; // characters: whatever they are, an address of so many is read
const opened = (place) => [...place.querySelectorAll("details[open] > summary")].map(({ textContent }) => textContent);

behave("[data-answers]", (place) => {
  const form = place.closest("form");
  const status = place.querySelector("[role=status]");
  const list = place.querySelector("[data-offered]");
  const fields = place.dataset.asking.split(" ").map((name) => form.elements[name]).filter(Boolean);
  let asked, asking, shown, timer;

  const show = (html) => {
    if (html === shown) return;
    shown = html;
    const open = opened(list);
    list.innerHTML = html;
    for (const details of list.querySelectorAll("details")) {
      details.open = open.includes(details.firstElementChild.textContent);
    }
    status.textContent = list.querySelector("[data-said]")?.dataset.said ?? "";
  };
  const ask = async () => {
    const typed = fields.map(({ value }) => value).join("\n").trim().slice(0, MOST);
    if (typed === asked) return;
    asked = typed;
    asking?.abort();
    asking = new AbortController();
    const address = new URL(place.dataset.answers, location);
    address.searchParams.set("q", typed);
    try {
      const answer = await fetch(address, { credentials: "omit", redirect: "error", signal: asking.signal });
      if (answer.ok) show(await answer.text());
    } catch { /* what is offered stays */ }
  };

  form.elements.look.hidden = true;
  form.addEventListener("input", ({ target }) => {
    if (!fields.includes(target)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  if (fields.some(({ value }) => value)) ask();
});

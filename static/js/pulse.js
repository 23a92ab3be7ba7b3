/*
 * The pulse of a page: every minute, in a tab that nobody looks at every five, it asks whether the figures in
 * the title bar are still true and whether there is something new in the list or the ticket. It moves nothing:
 * what is new is said over the page, never while somebody types or a dialog is open, and in the tab's title.
 */
import { behave } from "./behave.js";

const MINUTE_MS = 60_000;
const HIDDEN_MS = 5 * MINUTE_MS;
const MARK = "● ";
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]:not([contenteditable=false])";

const shown = () => document.querySelector("[data-about]");
const placeOf = (figure) => document.querySelector(`[data-counter="${figure}"]`);

behave("[data-pulse]", (pulse) => {
  const news = pulse.querySelector("[data-pulse-news]");
  const out = pulse.querySelector("[data-pulse-out]");
  let about = null;
  let hasNews = false;
  let isOut = false;
  let last = Date.now();
  let timer;

  const isBusy = () => Boolean(document.querySelector("dialog[open]") || document.activeElement?.matches(TYPING));
  const show = () => {
    news.hidden = !hasNews || isOut || isBusy();
    out.hidden = !isOut;
    const title = document.title.startsWith(MARK) ? document.title.slice(MARK.length) : document.title;
    document.title = hasNews ? MARK + title : title;
  };

  /* Another list may have come into the page since: then nothing is new in it yet. */
  const look = () => {
    const now = shown();
    if (now !== about) { about = now; hasNews = false; }
  };

  /* `of`: what was asked about; of a list that went meanwhile the figures alone are true. */
  const take = ({ counters, figures, news: isNew, since }, of) => {
    pulse.dataset.counters = counters;
    for (const [name, figure] of Object.entries(figures)) {
      const place = placeOf(name);
      if (!place) continue;
      place.textContent = figure;
      if (name === "asked") place.closest("a").classList.toggle("is-asked", figure !== "0");
    }
    if (!of || of !== about) return;
    of.dataset.since = since;
    hasNews ||= isNew;
  };

  const beat = async () => {
    look();
    last = Date.now();
    const of = about;
    const asked = new URLSearchParams(hasNews ? "" : about?.dataset.about);
    asked.set("counters", pulse.dataset.counters);
    if (about) asked.set("since", about.dataset.since);
    try {
      const answer = await fetch(`${pulse.dataset.pulse}?${asked}`, { redirect: "manual" });
      if (answer.type === "opaqueredirect") isOut = true;
      else if (answer.ok) isOut = false;
      if (answer.status === 200) take(await answer.json(), of);
    } catch { /* nobody was reached: the next time */ }
    show();
    wait();
  };

  const wait = () => {
    clearTimeout(timer);
    const pause = document.hidden ? HIDDEN_MS : MINUTE_MS;
    timer = setTimeout(beat, Math.max(0, last + pause - Date.now()));
  };

  news.querySelector("button").addEventListener("click", () => location.reload());
  document.addEventListener("visibilitychange", wait);
  document.addEventListener("htmx:load", () => { look(); show(); });
  document.addEventListener("focusin", show);
  document.addEventListener("focusout", () => setTimeout(show));
  look();
  wait();
});

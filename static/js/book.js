/*
 * The address book beside the fields of a mail: who fits comes while one types, and a press puts an address into
 * its field, alone into the `data-sole` one. Without this file the same buttons send the form, which comes back
 * with it.
 */
import { behave } from "./behave.js";

const WAIT_MS = 180;

behave("[data-book]", (book) => {
  const input = book.querySelector("input");
  const lines = book.querySelector("[data-book-found]");
  const said = book.querySelector("[data-book-said]");
  const button = book.querySelector("[data-book-find]");
  let waiting = 0;
  let asking = null;

  const find = async () => {
    asking?.abort();
    asking = new AbortController();
    const address = new URL(book.dataset.book, location.href);
    address.searchParams.set("q", input.value);
    try {
      const answer = await fetch(address, { redirect: "error", signal: asking.signal });
      if (answer.ok) lines.innerHTML = await answer.text();
    } catch { /* Nobody answered, or something else was typed: the button still sends the form. */ }
  };

  button.hidden = true;
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    clearTimeout(waiting);
    waiting = setTimeout(find, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    find();
  });
  lines.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-into]");
    if (!chosen) return;
    event.preventDefault();
    const sole = chosen.dataset.into === "to" && book.dataset.sole;
    const field = input.form.elements[sole || chosen.dataset.into];
    const before = sole ? "" : field.value.trim().replace(/[,;]$/, "");
    field.value = before ? `${before}, ${chosen.value}` : chosen.value;
    said.textContent = `${book.dataset.added} ${chosen.textContent.trim()}`;
    for (const type of sole ? ["input", "change"] : ["input"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  });
});

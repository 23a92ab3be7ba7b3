/*
 * A form whose fields become an address says so where that would be longer than a server reads, and keeps what
 * was typed: `data-too-long` has the sentence. Without this file the server refuses such an address.
 */
import { behave } from "./behave.js";

const MOST = 7500; // of the 8,190 that are read: pages of results, counts and the way back say a little more

behave("form[data-too-long]", (form) => {
  const { q: field } = form.elements;
  const look = (event) => {
    if (new URLSearchParams(new FormData(form)).toString().length <= MOST) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    field.setCustomValidity(form.dataset.tooLong);
    field.reportValidity();
  };
  form.addEventListener("submit", look, { capture: true });
  form.addEventListener("htmx:beforeRequest", look, { capture: true });
  form.addEventListener("input", () => field.setCustomValidity(""));
});

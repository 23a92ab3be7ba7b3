/*
 * A press puts a word that KVV fills in where the cursor stood last: in the editor, in the text area where that
 * could not be fetched, or in a field that takes such words and has no editor.
 */
import { behave } from "./behave.js";

behave("[data-placeholders]", (words) => {
  const form = words.closest("form");
  const host = form.querySelector("[data-editor]");
  let line = host ? null : form.querySelector("textarea[data-words]");
  form.addEventListener("focusin", ({ target }) => {
    if (target.matches("[data-words]")) line = target;
    else if (host && !words.contains(target)) line = null;
  });
  words.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-insert]");
    if (!button) return;
    const { insert, inLine } = button.dataset;
    const field = inLine === undefined || !line ? form.elements[host.dataset.editor] : line;
    if (field !== line && !host.hidden) {
      host.dispatchEvent(new CustomEvent("kvv:insert", { detail: insert }));
      return;
    }
    field.setRangeText(insert, field.selectionStart, field.selectionEnd, "end");
    field.focus();
  });
});

/*
 * Choosing files in the words of the page instead of the browser's: a button of ours, and the names of what was
 * chosen. Without script the browser's own control stands there.
 */
import { behave } from "./behave.js";

behave("[data-chosen]", (field) => {
  const input = field.querySelector("input[type=file]");
  const names = field.querySelector("[data-names]");
  const show = () => {
    names.replaceChildren(...[...input.files].map((file) => {
      const line = document.createElement("li");
      line.textContent = file.name;
      return line;
    }));
    names.hidden = !input.files.length;
  };
  field.querySelector("[data-pick]").hidden = false;
  input.addEventListener("change", show);
  show();
});

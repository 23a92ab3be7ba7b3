/*
 * 'Afdrukken': opens the browser's own window for it. Without script the button is not there, and a sentence
 * says how to print.
 */
import { behave } from "./behave.js";

behave("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

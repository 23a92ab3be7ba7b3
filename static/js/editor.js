/*
 * Fetches the editor when the first one is needed. Its frame stands there at once, so that nobody types into
 * the plain text field what would be lost; if it can't be fetched, that field comes back.
 */
import { behave } from "./behave.js";

behave("[data-editor]", async (host) => {
  const plain = host.closest("form").elements[host.dataset.editor];
  const show = (frame) => { host.hidden = !frame; plain.hidden = frame; };
  show(true);
  try {
    const { begin } = await import("./editor/editor.js");
    begin(host);
  } catch (error) {
    show(false);
    const { rich } = plain.form.elements;
    if (rich) rich.value = "";  // a browser may remember it from before a reload
    throw error;
  }
});

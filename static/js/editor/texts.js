/*
 * Standard answers are found beside the editor and put in where its cursor stands, so that nothing of what was
 * typed goes. The field for it takes the place of the list that is there without an editor.
 */
import { busyWith } from "../busy.js";
import { addressWith } from "../combo.js";

export class Texts {
  constructor(editor) {
    this.editor = editor;
    this.place = editor.form.querySelector("[data-texts]");
  }

  begin() {
    const { editor, place } = this;
    if (!place) return;
    editor.form.querySelector("[data-texts-list]").hidden = true;
    place.hidden = false;
    place.addEventListener("input", (event) => event.stopPropagation());  // what is looked for is not written
    place.addEventListener("kvv:taken", (event) => {
      event.preventDefault();
      busyWith(place, () => this.put(event.detail.dataset.at));
    });
  }

  /* The text of an address of ours into the editor; whether it could be fetched. */
  async put(at) {
    const { editor, place } = this;
    const address = addressWith(place, at);
    try {
      const answer = await fetch(address, { redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      editor.insert(await answer.text());
      editor.complain("");
      return true;
    } catch {
      editor.complain(place.dataset.failed);
      return false;
    }
  }
}

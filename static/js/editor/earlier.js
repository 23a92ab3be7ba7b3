/*
 * An answer that was given before, put in where the cursor stands, by its button beside the text. What in it means
 * the customer of then is marked, until it is written otherwise; which ticket it is from goes along with the form.
 */
import { busyWith } from "../busy.js";

export class Earlier {
  constructor(editor) {
    this.editor = editor;
    this.marked = new WeakMap();
  }

  begin() {
    const { form, squire } = this.editor;
    if (!form.elements.taken_from) return;
    this.look();
    squire.addEventListener("input", () => this.look());
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-use]");
      if (!button) return;
      event.preventDefault();
      busyWith(button, () => this.put(button.dataset));
    });
  }

  async put({ use, taken, failed }) {
    const { editor } = this;
    const { elements } = editor.form;
    const address = new URL(use, location.href);
    if (elements.answered?.value) address.searchParams.set("answered", elements.answered.value);
    try {
      const answer = await fetch(address, { redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const numbers = new Set(elements.taken_from.value.split(" ").filter(Boolean)).add(taken);
      elements.taken_from.value = [...numbers].join(" ");
      editor.insert(await answer.text());
      editor.complain("");
      this.look();
      return true;
    } catch {
      editor.complain(failed);
      return false;
    }
  }

  /* What was marked and says something else now needs no mark; its element stays, so that the cursor does. */
  look() {
    for (const mark of this.editor.area.querySelectorAll("[data-mark]")) {
      const first = this.marked.get(mark);
      if (first === undefined) this.marked.set(mark, mark.textContent);
      else if (mark.hasAttribute("data-done") !== (first !== mark.textContent)) {
        this.editor.squire.modifyDocument(() => mark.toggleAttribute("data-done"));
      }
    }
  }
}

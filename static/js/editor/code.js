/*
 * The text as HTML, to be read and changed by who knows it; it comes back into the editor as whatever is loaded
 * does, clean, and what was written by hand of styles is meant.
 */
export class Code {
  constructor(editor) {
    this.editor = editor;
    this.field = null;
  }

  toggle(button, controls) {
    const isOpen = this.field !== null;
    if (isOpen) this.close();
    else this.open(button.title);
    button.setAttribute("aria-pressed", String(!isOpen));
    for (const control of controls) if (control !== button && control.dataset.do !== "more") control.disabled = !isOpen;
  }

  open(word) {
    const { area, host, tail } = this.editor;
    tail.unfold();
    this.field = document.createElement("textarea");
    Object.assign(this.field, { className: "editor__code", value: this.editor.html, rows: 14, spellcheck: false });
    this.field.setAttribute("aria-label", word);
    area.hidden = true;
    area.after(this.field);
    host.dataset.code = "";
    this.field.addEventListener("input", () => this.editor.touch());
    this.editor.code = this.field;
    this.field.focus();
  }

  close() {
    const { area, host } = this.editor;
    const html = this.field.value;
    this.editor.code = null;
    this.field.remove();
    this.field = null;
    delete host.dataset.code;
    area.hidden = false;
    this.editor.load(html);
    this.editor.squire.focus();
  }
}

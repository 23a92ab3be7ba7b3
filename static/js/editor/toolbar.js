/*
 * The tool bar: one stop for Tab, arrows between its buttons, each telling whether its format is on.
 */
export class Toolbar {
  constructor(host, editor) {
    this.host = host;
    this.editor = editor;
    this.buttons = [...host.querySelectorAll("[data-do]")];
    this.buttons.forEach((button, place) => { button.tabIndex = place ? -1 : 0; });
    const bar = host.querySelector("[role=toolbar]");
    bar.addEventListener("click", (event) => this.press(event.target.closest("[data-do]")));
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("keydown", (event) => this.walk(event));
    editor.addEventListener("pathChange", () => this.show());
    editor.addEventListener("select", () => this.show());
  }

  press(button) {
    if (!button) return;
    const { editor } = this;
    const on = button.getAttribute("aria-pressed") === "true";
    const actions = {
      bold: () => (on ? editor.removeBold() : editor.bold()),
      italic: () => (on ? editor.removeItalic() : editor.italic()),
      underline: () => (on ? editor.removeUnderline() : editor.underline()),
      strikethrough: () => (on ? editor.removeStrikethrough() : editor.strikethrough()),
      list: () => (on ? editor.removeList() : editor.makeUnorderedList()),
      numbers: () => (on ? editor.removeList() : editor.makeOrderedList()),
      quote: () => editor.increaseQuoteLevel(),
      link: () => this.link(on),
      undo: () => editor.undo(),
      clear: () => editor.removeAllFormatting(),
    };
    actions[button.dataset.do]();
    this.show();
  }

  link(on) {
    if (on) { this.editor.removeLink(); return; }
    const address = prompt(this.host.dataset.link, "https://");
    if (address && /^(https?:\/\/|mailto:)\S+$/i.test(address)) this.editor.makeLink(address);
    this.editor.focus();
  }

  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const edge = { Home: 0, End: this.buttons.length - 1 }[event.key];
    if (step === undefined && edge === undefined) return;
    event.preventDefault();
    const here = this.buttons.indexOf(document.activeElement);
    const next = edge ?? (here + step + this.buttons.length) % this.buttons.length;
    this.buttons.forEach((button, place) => { button.tabIndex = place === next ? 0 : -1; });
    this.buttons[next].focus();
  }

  show() {
    for (const button of this.buttons) {
      if (button.dataset.tag) button.setAttribute("aria-pressed", String(this.editor.hasFormat(button.dataset.tag)));
    }
  }
}

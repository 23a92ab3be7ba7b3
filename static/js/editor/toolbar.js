/*
 * The tool bar: one stop for Tab, arrows between its buttons, each telling whether its format is on.
 */
import { linkOf } from "./link.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

export class Toolbar {
  constructor(editor, images) {
    const { host, squire } = editor;
    this.editor = editor;
    this.host = host;
    this.squire = squire;
    this.images = images;
    this.buttons = [...host.querySelectorAll("[data-do]")];
    this.stop(0);
    const bar = host.querySelector("[role=toolbar]");
    bar.addEventListener("click", (event) => this.press(event.target.closest("[data-do]")));
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("keydown", (event) => this.walk(event));
    squire.addEventListener("pathChange", () => this.show());
    squire.addEventListener("select", () => this.show());
  }

  press(button) {
    if (!button) return;
    const { squire } = this;
    const on = button.getAttribute("aria-pressed") === "true";
    const actions = {
      bold: () => (on ? squire.removeBold() : squire.bold()),
      italic: () => (on ? squire.removeItalic() : squire.italic()),
      underline: () => (on ? squire.removeUnderline() : squire.underline()),
      strikethrough: () => (on ? squire.removeStrikethrough() : squire.strikethrough()),
      list: () => (on ? squire.removeList() : squire.makeUnorderedList()),
      numbers: () => (on ? squire.removeList() : squire.makeOrderedList()),
      quote: () => (on ? squire.decreaseQuoteLevel() : squire.increaseQuoteLevel()),
      link: () => (on ? squire.removeLink() : this.link()),
      image: () => this.images.choose(),
      undo: () => squire.undo(),
      clear: () => squire.removeAllFormatting(),
    };
    actions[button.dataset.do]();
    this.stop(this.buttons.indexOf(button));
    this.show();
  }

  link() {
    const { link, noLink } = this.host.dataset;
    const typed = prompt(link, "https://");
    const address = typed === null ? "" : linkOf(typed);
    if (address) this.squire.makeLink(address);
    this.editor.complain(address === null ? noLink : "");
    this.squire.focus();
  }

  walk(event) {
    const last = this.buttons.length - 1;
    const edge = { Home: 0, End: last }[event.key];
    const step = STEPS[event.key];
    if (step === undefined && edge === undefined) return;
    event.preventDefault();
    const here = this.buttons.indexOf(document.activeElement);
    const next = edge ?? (here + step + this.buttons.length) % this.buttons.length;
    this.stop(next);
    this.buttons[next].focus();
  }

  /* The one button that Tab stops at. */
  stop(place) {
    this.buttons.forEach((button, each) => { button.tabIndex = each === place ? 0 : -1; });
  }

  show() {
    for (const button of this.buttons) {
      if (button.dataset.tag) button.setAttribute("aria-pressed", String(this.squire.hasFormat(button.dataset.tag)));
    }
  }
}

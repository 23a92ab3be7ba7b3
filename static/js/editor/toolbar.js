/*
 * The tool bars' buttons and menus, each telling whether its format is on. What a text may look like is chosen
 * out of a few values, and only these leave.
 */
import { Bar } from "../toolbar.js";
import { Code } from "./code.js";
import { linkOf } from "./link.js";

const BLOCKS = "p, h1, h2, h3";
/* Property → the class that Squire knows its elements by, and what it tells it as. */
const STYLES = { "font-family": ["font", "fontFamily"], "font-size": ["size", "fontSize"], color: ["color", "color"] };

/* A value as the browser writes it. */
function written(property, value) {
  const { style } = document.createElement("span");
  style.setProperty(property, value);
  return style.getPropertyValue(property);
}

export class Toolbar {
  constructor(editor, images) {
    const { host, squire } = editor;
    this.editor = editor;
    this.host = host;
    this.squire = squire;
    this.images = images;
    this.code = new Code(editor);
    this.buttons = [...host.querySelectorAll("[data-do]")];
    this.menus = [...host.querySelectorAll("[data-pick]")];
    for (const bar of host.querySelectorAll("[role=toolbar]")) this.begin(new Bar(bar, "[data-do], [data-pick]"));
    squire.addEventListener("pathChange", () => this.show());
    squire.addEventListener("select", () => this.show());
    this.show();
  }

  begin(bar) {
    bar.bar.addEventListener("mousedown", (event) => { if (!event.target.closest("select")) event.preventDefault(); });
    bar.bar.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-do]");
      if (!button) return;
      this.press(button);
      bar.stop(button);
    });
    bar.bar.addEventListener("change", ({ target }) => {
      this.pick(target);
      bar.stop(target);
    });
  }

  press(button) {
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
      more: () => this.more(button),
      code: () => this.code.toggle(button, [...this.buttons, ...this.menus]),
    };
    actions[button.dataset.do]();
    this.show();
  }

  pick(menu) {
    const { squire } = this;
    const { pick } = menu.dataset;
    const { value } = menu;
    squire.focus();
    if (pick === "sign") squire.insertPlainText(value);
    else if (pick === "block") this.block(value);
    else squire.changeFormat(value ? this.format(pick, value) : null, this.format(pick), null, true);
    this.show();
  }

  format(property, value) {
    const style = value === undefined ? {} : { style: `${property}: ${value}` };
    return { tag: "SPAN", attributes: { class: STYLES[property][0], ...style } };
  }

  /* The blocks that are selected become such ones. */
  block(tag) {
    this.squire.modifyBlocks((fragment) => {
      for (const block of fragment.querySelectorAll(BLOCKS)) {
        const other = document.createElement(tag);
        other.append(...block.childNodes);
        block.replaceWith(other);
      }
      return fragment;
    });
  }

  more(button) {
    const row = document.getElementById(button.getAttribute("aria-controls"));
    row.hidden = !row.hidden;
    button.setAttribute("aria-expanded", String(!row.hidden));
  }

  link() {
    const { link, noLink } = this.host.dataset;
    const typed = prompt(link, "https://");
    const address = typed === null ? "" : linkOf(typed);
    if (address) this.squire.makeLink(address);
    this.editor.complain(address === null ? noLink : "");
    this.squire.focus();
  }

  show() {
    for (const button of this.buttons) {
      if (button.dataset.tag) button.setAttribute("aria-pressed", String(this.squire.hasFormat(button.dataset.tag)));
    }
    for (const menu of this.menus) menu.value = this.chosen(menu);
  }

  /* The value of a menu where the cursor stands; none if there is something else. */
  chosen(menu) {
    const { pick } = menu.dataset;
    const values = [...menu.options].map(({ value }) => value);
    if (pick === "sign") return "";
    if (pick === "block") return values.find((tag) => this.squire.hasFormat(tag)) ?? "P";
    const here = this.squire.getFontInfo()[STYLES[pick][1]];
    return values.find((value) => value && written(pick, value) === here) ?? "";
  }
}

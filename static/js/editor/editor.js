/*
 * The editor: Squire in KVV's own tool bar. It takes the place of the plain text field and puts its HTML into
 * the hidden field when the form is sent. A quoted mail goes round Squire's tidying, so that it leaves as it
 * came unless the agent changes it.
 */
import "../../vendor/dompurify/purify.min.js";
import "../../vendor/squire/squire.js";
import { clean, cleanPasted, stylesOf, wake } from "./clean.js";
import { Images } from "./images.js";
import { Toolbar } from "./toolbar.js";

const QUOTE = "blockquote[type=cite]";
const outermost = (root) => [...root.querySelectorAll(QUOTE)].filter((quote) => !quote.parentElement?.closest(QUOTE));

class Editor {
  constructor(host) {
    this.host = host;
    this.form = host.closest("form");
    this.area = host.querySelector(".editor__area");
    this.plain = this.form.elements.text;
    this.ready = null;
    this.squire = new window.Squire(this.area, {
      blockTag: "P",
      sanitizeToDOMFragment: (html) => this.ready ?? cleanPasted(html),
    });
  }

  /* Show the HTML: Squire tidies what is ours, the quoted mails are put back behind its back. */
  load(html) {
    this.ready = clean(html || "<p><br></p>");
    this.styles = stylesOf(this.ready);
    const mails = outermost(this.ready).map((quote) => {
      const mail = [...quote.childNodes];
      quote.replaceChildren(document.createElement("p"));
      return mail;
    });
    this.squire.setHTML("");
    this.ready = null;
    outermost(this.area).forEach((quote, place) => quote.replaceChildren(...mails[place]));
  }

  get html() {
    return wake(this.squire.getHTML(), this.styles);
  }

  /* Take the place of the plain text field. */
  takeOver() {
    const { form, area, plain } = this;
    this.load(form.elements.html.value);
    this.host.hidden = false;
    plain.hidden = plain.disabled = true;
    form.elements.rich.value = "1";
    if (plain.classList.contains("is-invalid")) {
      area.setAttribute("aria-invalid", "true");
      area.setAttribute("aria-describedby", plain.getAttribute("aria-describedby"));
    }
    for (const label of plain.labels) label.addEventListener("click", () => this.squire.focus());
    form.addEventListener("click", (event) => {
      if (event.target.closest("a[href='#id_text'], a[href='#id_html']")) {
        event.preventDefault();
        this.squire.focus();
      }
    });
    form.addEventListener("formdata", (event) => event.formData.set("html", this.html));
    this.squire.addEventListener("input", () => {
      form.dataset.textTyped = "1";
      form.dispatchEvent(new Event("input"));
    });
  }

  /* The cursor stands where the answer is to be written: in the empty line before the signature. */
  begin() {
    const gap = this.area.querySelector(":scope > p > br:only-child");
    if (gap) {
      const range = document.createRange();
      range.setStart(gap.parentNode, 0);
      this.squire.setSelection(range);
    } else this.squire.moveCursorToStart();
    this.area.focus({ preventScroll: true });
  }
}

/* Whether the reader has put the cursor into another field while the editor was fetched. */
const isElsewhere = (area) => document.activeElement !== area && document.activeElement?.matches("input, select");

/* Make an editor of a place for one; its form has the plain text field `text` and the hidden one `html`. */
export function begin(host) {
  const editor = new Editor(host);
  editor.takeOver();
  const images = new Images(editor);
  new Toolbar(host, editor.squire, images);
  const mouse = matchMedia("(pointer: fine)").matches;
  if (mouse && !editor.form.querySelector("[data-focus-error]") && !isElsewhere(editor.area)) editor.begin();
}

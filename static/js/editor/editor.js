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
    this.plain = this.form.elements[host.dataset.editor];
    this.complaint = this.form.querySelector("[data-editor-error]");
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
    if (form.elements.rich) form.elements.rich.value = "1";
    if (plain.classList.contains("is-invalid")) {
      area.setAttribute("aria-invalid", "true");
      area.setAttribute("aria-describedby", plain.getAttribute("aria-describedby") ?? "");
    }
    this.host.addEventListener("kvv:insert", ({ detail }) => this.squire.focus().insertPlainText(detail));
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

  /* The end of the paragraph that the server has marked as the one to go on in; of all of an own text. */
  get here() {
    const marked = [...this.area.querySelectorAll("[data-here]")].filter((place) => !place.closest(QUOTE)).at(-1);
    const place = marked ?? (outermost(this.area).length ? null : this.area.lastElementChild);
    const range = document.createRange();
    range.selectNodeContents(place ?? this.area);
    if (place?.lastChild?.nodeName === "BR") range.setEndBefore(place.lastChild);
    range.collapse(!place);
    return range;
  }

  /* The cursor stands where one writes, as soon as the editor is entered: by Tab, its label, a first tap. */
  place() {
    const { area, squire } = this;
    squire.setSelection(this.here);
    let byFinger = false;
    area.addEventListener("pointerdown", ({ pointerType }) => { byFinger = pointerType === "touch"; });
    area.addEventListener("focus", () => {
      if (byFinger) area.addEventListener("click", () => squire.setSelection(this.here), { once: true });
    }, { once: true });
  }

  complain(sentence) {
    this.complaint.textContent = sentence;
    this.complaint.hidden = !sentence;
  }
}

/* Whether the cursor is in another field: the form begins there, or the reader went while the editor was fetched. */
const isElsewhere = (area) =>
  document.activeElement !== area && document.activeElement?.matches("input, select, [data-focus]");

/* Where no images go into the text: a file that is dropped must not take the place of the page. */
function refuseFiles(area) {
  for (const name of ["dragover", "drop"]) {
    area.addEventListener(name, (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    }, { capture: true });
  }
  return null;
}

/* Make an editor of a place for one; its form has a plain field and, where that takes no HTML, a hidden one. */
export function begin(host) {
  const editor = new Editor(host);
  editor.takeOver();
  editor.place();
  const images = host.dataset.image ? new Images(editor) : refuseFiles(editor.area);
  new Toolbar(editor, images);
  const mouse = matchMedia("(pointer: fine)").matches && editor.area.matches("[data-focus]");
  if (mouse && !editor.form.querySelector("[data-focus-error]") && !isElsewhere(editor.area)) {
    editor.area.focus({ preventScroll: true });
  }
  return editor;
}

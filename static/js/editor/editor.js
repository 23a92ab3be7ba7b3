/*
 * The editor: Squire in KVV's own tool bar. It takes the place of the plain text field, keeps a quoted mail as
 * it is, and puts its HTML into the hidden field when the form is sent.
 */
import { clean } from "./clean.js";
import { Toolbar } from "./toolbar.js";

const Squire = window.Squire?.default ?? window.Squire;

async function uploadImage(host, file) {
  const form = host.closest("form");
  const data = new FormData();
  data.append("submission", form.elements.submission.value);
  data.append("image", file);
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(host.dataset.image, { method: "POST", body: data, headers });
  return answer.ok ? answer.text() : null;
}

for (const host of document.querySelectorAll("[data-editor]")) {
  const form = host.closest("form");
  const area = host.querySelector(".editor__area");
  const plain = form.elements.text;
  const editor = new Squire(area, {
    blockTag: "P",
    sanitizeToDOMFragment: (html) => clean(html),
  });

  editor.setHTML(form.elements.html.value || "<p><br></p>");
  plain.hidden = true;
  plain.labels.forEach((label) => label.addEventListener("click", () => editor.focus()));
  plain.classList.contains("is-invalid") && area.setAttribute("aria-invalid", "true");
  host.hidden = false;
  form.elements.rich.value = "1";
  new Toolbar(host, editor);

  editor.addEventListener("input", () => form.dispatchEvent(new Event("input")));
  editor.addEventListener("pasteImage", async (event) => {
    for (const item of event.detail.clipboardData?.items ?? []) {
      if (!item.type.startsWith("image/")) continue;
      const file = item.getAsFile();
      const id = await uploadImage(host, file);
      if (id) editor.insertImage(URL.createObjectURL(file), { "data-upload": id, alt: file.name });
    }
  });
  form.addEventListener("submit", () => { form.elements.html.value = editor.getHTML(); });
  form.addEventListener("formdata", (event) => { event.formData.set("html", editor.getHTML()); });

  area.scrollTop = 0;
  const first = area.querySelector("p > br:only-child");
  if (first) {
    const range = document.createRange();
    range.setStart(first.parentNode, 0);
    editor.setSelection(range);
  } else editor.moveCursorToStart();
  if (matchMedia("(pointer: fine)").matches && !document.querySelector("[data-focus-error]")) editor.focus();
}

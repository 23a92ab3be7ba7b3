/*
 * A setting that was changed says that it is not saved yet, and its button is the one to press: on the page of
 * the preferences each setting is saved by itself. One that is saved alone comes back instead of itself and says
 * so; the others stay as they are, and who leaves the page while one is not saved is asked.
 */
import { behave } from "./behave.js";

const UNPROCESSABLE = 422;
let sent;

function isChanged(field) {
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.type !== "hidden" && field.value !== field.defaultValue;
}

behave("form[data-setting]", (form) => {
  const [mark, kept] = ["[data-dirty]", "[data-saved]"].map((part) => form.querySelector(part));
  const fields = [...form.elements].filter((field) => field.name);
  const look = () => {
    const dirty = "refused" in form.dataset || fields.some(isChanged);
    form.classList.toggle("is-dirty", dirty);
    form.querySelector("button")?.classList.toggle("btn-primary", dirty);
    mark.hidden = !dirty;
    kept.hidden ||= dirty;
  };
  form.addEventListener("input", look);
  form.addEventListener("submit", () => { if (!form.hasAttribute("hx-post")) sent = form; });
  /* What a reader is told must come into a page that has its place already. */
  if ("kept" in form.dataset) requestAnimationFrame(() => { kept.hidden = false; });
  /* The browser's 'back' brings what was chosen before. */
  addEventListener("pageshow", look);
  look();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.target.matches("[data-setting]") || detail.xhr.status !== UNPROCESSABLE) return;
  detail.shouldSwap = true;
  detail.isError = false;
});
addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll(".is-dirty")].some((form) => form !== sent)) event.preventDefault();
});

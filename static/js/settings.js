/*
 * A setting that was changed says that it is not saved yet, and its button is the one to press: on the page of
 * the preferences each setting is saved by itself.
 */
import { behave } from "./behave.js";

function isChanged(field) {
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.type !== "hidden" && field.value !== field.defaultValue;
}

behave("form[data-setting]", (form) => {
  const mark = form.querySelector("[data-dirty]");
  const fields = [...form.elements].filter((field) => field.name);
  const look = () => {
    const dirty = fields.some(isChanged);
    form.classList.toggle("is-dirty", dirty);
    form.querySelector("button")?.classList.toggle("btn-primary", dirty);
    mark.hidden = !dirty;
  };
  form.addEventListener("input", look);
  /* The browser's 'back' brings what was chosen before. */
  addEventListener("pageshow", look);
});

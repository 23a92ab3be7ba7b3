/*
 * Fields that are asked only after a certain answer come and go at once. Without script they come when the form
 * was sent. What is hidden is not sent: the server judges by the answers alone what is asked.
 */
import { behave } from "./behave.js";

const answers = (form, name) => [...form.elements]
  .filter((control) => control.name === name && !control.disabled)
  .filter((control) => !["checkbox", "radio"].includes(control.type) || control.checked)
  .map((control) => control.value);

behave("[data-when]", (part) => {
  const form = part.closest("form");
  const show = () => {
    const isAsked = answers(form, part.dataset.when).includes(part.dataset.value);
    part.hidden = !isAsked;
    for (const control of part.querySelectorAll("input, select, textarea")) control.disabled = !isAsked;
  };
  form.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
});

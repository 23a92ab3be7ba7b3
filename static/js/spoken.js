/*
 * Who goes on in another language keeps what they typed: the form is looked at once more instead of opened anew. No
 * button does this without script, as it would be the first of the form, which Enter presses.
 */
import { behave } from "./behave.js";

behave("form[data-spoken]", (form) => {
  for (const link of document.querySelectorAll(form.dataset.spoken)) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const button = Object.assign(document.createElement("button"), { name: "look", formAction: link.href, hidden: true });
      form.append(button);
      form.requestSubmit(button);
      button.remove();
    });
  }
});

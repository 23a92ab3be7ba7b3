/*
 * Who goes on in another language keeps what they typed: the form is looked at once more instead of opened anew. No
 * button does this without script, as it would be the first of the form, which Enter presses.
 */
import { behave } from "./behave.js";

behave(".publichead__languages a", (link) => {
  const [form] = document.forms;
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const button = Object.assign(document.createElement("button"), { name: "look", formAction: link.href, hidden: true });
    form.append(button);
    form.requestSubmit(button);
    button.remove();
  });
});

/*
 * What htmx asked for and did not get is asked for again as a page: so a click that is refused, or that
 * reached nobody, says so. A link leads where it leads, a form is sent as it is without script.
 */
import { behave } from "./behave.js";

function ask(element, submitter) {
  if (element.href) { location.assign(element.href); return; }
  const form = element.closest("form");
  if (!form) { location.reload(); return; }
  if (submitter?.name) {
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(pressed);
  }
  form.submit();
}

behave("body", (body) => {
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    body.addEventListener(failure, ({ detail: { elt, requestConfig } }) => {
      ask(elt, requestConfig?.triggeringEvent?.submitter);
    });
  }
});

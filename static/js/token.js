/*
 * Sends something beside a form. Whoever signed in again in another tab has a new token: it is asked of the
 * form's own address, which also lets the form itself be sent.
 */
const FORBIDDEN = 403;

const post = (form, address, data) => fetch(address, {
  method: "POST",
  body: data,
  headers: { Accept: "text/plain", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
});

/* Gives whether there is another token now. Asked for is the dialog alone: a page would be taken for read. */
async function renew(form) {
  const answer = await fetch(form.action, { headers: { "HX-Request": "true" }, redirect: "manual" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token || token === form.elements.csrfmiddlewaretoken.value) return false;
  document.getElementsByName("csrfmiddlewaretoken").forEach((field) => { field.value = token; });
  return true;
}

/* The sentence of an answer that refuses; a proxy before the server may have answered with a page of its own. */
export async function sentenceOf(answer, otherwise) {
  return answer.headers.get("Content-Type")?.startsWith("text/plain") ? answer.text() : otherwise;
}

export async function send(form, address, data) {
  const answer = await post(form, address, data);
  return answer.status === FORBIDDEN && await renew(form) ? post(form, address, data) : answer;
}

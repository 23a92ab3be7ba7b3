/*
 * Sends something beside a form. Whoever signed in again in another tab has a new token: it is asked of the
 * form's own address, which also lets the form itself be sent.
 */
const FORBIDDEN = 403;

const post = (form, address, data) => fetch(address, {
  method: "POST", body: data, headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
});

/* Gives whether there is another token now. */
async function renew(form) {
  const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token) return false;
  document.getElementsByName("csrfmiddlewaretoken").forEach((field) => { field.value = token; });
  return true;
}

export async function send(form, address, data) {
  const answer = await post(form, address, data);
  return answer.status === FORBIDDEN && await renew(form) ? post(form, address, data) : answer;
}

/*
 * Files beside a form: each is sent as soon as it is chosen or dropped, and shown with its size. The server
 * answers with the list as it is, and with a sentence if it did not take a file. Without script the files go
 * along with the form.
 */
import { behave } from "./behave.js";

const UNPROCESSABLE = 422;

function complain(list, sentence) {
  list.querySelector(".invalid-feedback")?.remove();
  const line = document.createElement("p");
  line.className = "invalid-feedback";
  line.setAttribute("role", "alert");
  line.textContent = sentence;
  list.prepend(line);
}

async function send(zone, address, files) {
  const form = zone.closest("form");
  const list = zone.querySelector("[data-list]");
  const data = new FormData();
  data.append("submission", form.elements.submission.value);
  for (const file of files) data.append("files", file);
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  zone.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { method: "POST", body: data, headers });
    if (answer.redirected || !(answer.ok || answer.status === UNPROCESSABLE)) complain(list, zone.dataset.failed);
    else list.innerHTML = await answer.text();
  } catch {
    complain(list, zone.dataset.failed);
  } finally {
    zone.removeAttribute("aria-busy");
  }
}

behave("[data-uploads]", (zone) => {
  const input = zone.querySelector("input[type=file]");
  let last = Promise.resolve();
  const inTurn = (address, files) => { last = last.then(() => send(zone, address, files)); return last; };

  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) inTurn(zone.dataset.uploads, files);
  });
  zone.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    await inTurn(button.dataset.remove, []);
    input.focus();
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("is-over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) {
        inTurn(zone.dataset.uploads, [...event.dataTransfer.files]);
      }
    });
  }
});

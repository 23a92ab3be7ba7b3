/*
 * Files beside a form: each is sent as soon as it is chosen or dropped, and shown with its size. The server
 * answers with the list as it is, and with a sentence if it did not take a file. Without script the files go
 * along with the form.
 */
import { behave } from "./behave.js";
import { busyWith, isBusy } from "./busy.js";
import { send as sendBeside, sentenceOf } from "./token.js";

const UNPROCESSABLE = 422;
const TOO_BIG = 413;

const complaintOf = (list) => list.querySelector(".invalid-feedback");

function complain(list, sentence) {
  complaintOf(list)?.remove();
  const line = document.createElement("p");
  line.className = "invalid-feedback";
  line.setAttribute("role", "alert");
  line.textContent = sentence;
  list.prepend(line);
}

/* The list as it is now. A complaint stays until the next file is chosen, though the file after it went well. */
function show(zone, list, html) {
  const complaint = complaintOf(list);
  const hadFocus = list.contains(document.activeElement);
  list.innerHTML = html;
  if (complaint && !complaintOf(list)) list.prepend(complaint);
  if (hadFocus) zone.querySelector("input[type=file]").focus();
}

/* Send files, or take one away; gives whether that was done. */
async function send(zone, address, files) {
  const form = zone.closest("form");
  const list = zone.querySelector("[data-list]");
  const data = new FormData();
  data.append("submission", form.elements.submission.value);
  for (const file of files) data.append("files", file);
  try {
    const answer = await sendBeside(form, address, data);
    if (answer.status === TOO_BIG) {
      complain(list, await sentenceOf(answer, zone.dataset.tooBig));
      return false;
    }
    if (answer.redirected || !(answer.ok || answer.status === UNPROCESSABLE)) throw new Error("failed");
    show(zone, list, await answer.text());
    return answer.ok;
  } catch {
    complain(list, zone.dataset.failed);
    return false;
  }
}

behave("[data-uploads]", (zone) => {
  const input = zone.querySelector("input[type=file]");
  let last = Promise.resolve();
  const inTurn = (address, files) => {
    if (!isBusy(zone)) complaintOf(zone)?.remove();
    last = last.then(() => send(zone, address, files));
    busyWith(zone, () => last);
  };

  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) inTurn(zone.dataset.uploads, files);
  });
  zone.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    inTurn(button.dataset.remove, []);
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

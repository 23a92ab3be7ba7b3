/*
 * Files beside a form: each is sent as soon as it is chosen or dropped, and shown with its size. The server
 * answers with the list as it is. Without script the files go along with the form.
 */
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

async function send(zone, address, files) {
  const data = new FormData();
  data.append("submission", zone.closest("form").elements.submission.value);
  for (const file of files) data.append("files", file);
  zone.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { method: "POST", body: data, headers: { "X-CSRFToken": token() } });
    zone.querySelector("[data-list]").innerHTML = await answer.text();
  } finally {
    zone.removeAttribute("aria-busy");
  }
}

for (const zone of document.querySelectorAll("[data-uploads]")) {
  const input = zone.querySelector("input[type=file]");
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) await send(zone, zone.dataset.uploads, files);
  });
  zone.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    send(zone, button.dataset.remove, []);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("is-over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) send(zone, zone.dataset.uploads, event.dataTransfer.files);
    });
  }
}

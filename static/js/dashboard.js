/*
 * The dashboard: what is folded away stays so, and a box can be dragged to another place of its column. Moving
 * one by its buttons needs no script.
 */
import { behave } from "./behave.js";
import { send } from "./token.js";

/* Whoever moved a box sees it where it is now. */
behave("#instellingen", (settings) => {
  if (settings.querySelector(":target")) settings.open = true;
});

behave("details[data-fold]", (box) => {
  let open = box.open;
  box.addEventListener("toggle", () => {
    if (box.open === open) return;  /* a box that is open from the start says so, too */
    open = box.open;
    const data = new FormData();
    data.append("folded", open ? "0" : "1");
    send(document.querySelector("#tabbladen"), box.dataset.fold, data);
  });
});

behave("[data-place]", (place) => {
  place.draggable = true;
  place.addEventListener("dragstart", (event) => {
    event.dataTransfer.effectAllowed = "move";
    place.dataset.dragged = "";
  });
  place.addEventListener("dragover", (event) => {
    const dragged = place.parentElement.querySelector("[data-dragged]");
    if (!dragged) return;
    event.preventDefault();
    const { top, height } = place.getBoundingClientRect();
    if (dragged !== place) place[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });
  place.addEventListener("drop", (event) => event.preventDefault());
  place.addEventListener("dragend", () => {
    delete place.dataset.dragged;
    place.closest("form").requestSubmit();
  });
});

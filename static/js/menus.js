/*
 * Menus are <details name>: they open without script. Script closes them on Esc, on a press beside them, and
 * gives the focus back.
 */
const open = () => [...document.querySelectorAll("details.drop[open]")];

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

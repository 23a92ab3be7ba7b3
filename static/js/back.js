/*
 * 'Terug' leads to the list the agent came from, at the page where it was. Without script it leads to the
 * ticket's queue.
 */
const KEY = "kvv-overview";
const remember = () => {
  if (document.querySelector(".overview")) sessionStorage.setItem(KEY, location.pathname + location.search);
};

remember();
document.addEventListener("htmx:pushedIntoHistory", remember);
const back = document.querySelector(".actions__back");
const from = sessionStorage.getItem(KEY);
if (back && from) back.href = from;

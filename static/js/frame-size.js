/*
 * For the site that shows a question form in a frame: makes each frame of ours as high as what is in it.
 *
 *   <iframe src="https://kvv.example/formulieren/vraag/" title="Stel je vraag"></iframe>
 *   <script src="https://kvv.example/static/js/frame-size.js" async></script>
 *
 * It believes no height but of a frame that comes from where this script comes from.
 */
(() => {
  const ours = new URL(document.currentScript.src).origin;
  const most = 20_000;
  addEventListener("message", ({ origin, source, data }) => {
    const height = data?.kvvHeight;
    if (origin !== ours || !Number.isFinite(height)) return;
    const frames = () => [...document.querySelectorAll("iframe")];
    const shown = frames().find((each) => each.contentWindow === source);
    if (shown) shown.style.height = `${Math.min(Math.max(height, 0), most)}px`;
  });
})();

// How much of the files is sent; what happens to them afterwards the page asks for.
(() => {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const line = form.querySelector(".dh-sending");
  const bar = line.querySelector("progress");
  const percent = line.querySelector("[data-percent]");

  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== form) return;
    bar.value = 0;
    percent.textContent = "0";
    line.hidden = false;
  });
  form.addEventListener("htmx:xhr:progress", (event) => {
    const { loaded, total } = event.detail;
    if (!total) return;
    bar.value = Math.round((100 * loaded) / total);
    percent.textContent = String(bar.value);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === form) line.hidden = true;
  });
})();

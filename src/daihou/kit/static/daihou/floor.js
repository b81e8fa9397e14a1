// The floor: a person dragged onto another fills in the form that shows what it does.
(() => {
  // nobody looks: nothing is asked
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.id === "live") event.preventDefault();
  });

  const form = document.querySelector("[data-move]");
  if (!form) return;
  let from = "";
  const row = (event) => event.target.closest?.("tr[data-login]");
  const clear = () => document.querySelectorAll("[data-over-drop]").forEach((each) =>
    each.removeAttribute("data-over-drop"));

  document.addEventListener("dragstart", (event) => {
    const own = row(event);
    if (!own) return;
    from = own.dataset.login;
    event.dataTransfer.setData("text/plain", from);
    event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    const over = row(event);
    if (!over || !from || over.dataset.login === from) return;
    event.preventDefault();
    clear();
    over.setAttribute("data-over-drop", "");
  });
  document.addEventListener("dragend", () => { clear(); from = ""; });
  document.addEventListener("drop", (event) => {
    const over = row(event);
    if (!over || !from || over.dataset.login === from) return;
    event.preventDefault();
    clear();
    const given = document.querySelector(`tr[data-login="${CSS.escape(from)}"]`);
    form.elements.source.value = from;
    form.elements.target.value = over.dataset.login;
    // half of what is left there, so that the two come closer
    form.elements.count.value = Math.max(1, Math.floor(Number(given?.dataset.due ?? 0) / 2));
    from = "";
    form.requestSubmit();
  });

  // while something is dragged the figures do not move under the hand
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (from && event.detail.target?.id === "live") event.detail.shouldSwap = false;
  });
})();

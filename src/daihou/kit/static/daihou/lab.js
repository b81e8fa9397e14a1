// A chart as a picture: the drawing that stands alone is fetched and painted on a canvas.
(() => {
  const SCALE = 2; // sharp on paper and on dense screens

  async function picture(address, name) {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const text = await answer.text();
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width * SCALE;
    canvas.height = image.height * SCALE;
    const paper = canvas.getContext("2d");
    paper.scale(SCALE, SCALE);
    paper.drawImage(image, 0, 0);
    const link = document.createElement("a");
    link.href = canvas.toDataURL("image/png");
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-png]");
    if (!button) return;
    button.disabled = true;
    picture(button.dataset.png, button.dataset.name)
      .catch(() => { document.querySelector("[data-failed]").hidden = false; })
      .finally(() => { button.disabled = false; });
  });
})();

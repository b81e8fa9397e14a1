// Sets the theme before the first paint when the person has not chosen one.
(() => {
  const root = document.documentElement;
  if (root.dataset.themeChoice === "auto") {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const apply = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
    apply();
    dark.addEventListener("change", () => {
      if (root.dataset.themeChoice !== "auto") return;
      apply();
      document.dispatchEvent(new CustomEvent("daihou:theme"));
    });
  }
})();

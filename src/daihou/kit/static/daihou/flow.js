// Loans that changed bucket, the day before on the left, this day on the right.
(() => {
  const box = document.getElementById("flow");
  const source = document.getElementById("flow-data");
  if (!box || !source || !window.echarts) return;
  const links = JSON.parse(source.textContent);
  const css = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour = (level) => css(level < 0 ? "--dh-good" : `--dh-m${level}`);
  const total = (side, word) => links.filter((l) => l[side].word === word)
    .reduce((sum, l) => sum + l.loans, 0);

  function nodes(side, mark) {
    const seen = new Map(links.map((l) => [l[side].word, l[side].level]));
    return [...seen].sort((a, b) => a[1] - b[1]).map(([word, level]) => ({
      name: mark + word,
      itemStyle: { color: colour(level) },
      label: {
        position: mark === "a" ? "left" : "right", distance: 6, fontSize: 12,
        color: css("--dh-ink-2"), fontFamily: css("--dh-font"),
        formatter: mark === "a"
          ? `${word}  ${total(side, word)}` : `${total(side, word)}  ${word}`,
      },
    }));
  }

  const chart = window.echarts.init(box, null, { renderer: "canvas" });
  function draw() {
    const heading = (edge, text) => ({
      type: "text", [edge]: 16, top: 0,
      style: { text, fill: css("--dh-ink-3"), font: `12px ${css("--dh-font")}` },
    });
    chart.setOption({
      animation: false,
      graphic: [heading("left", box.dataset.left), heading("right", box.dataset.right)],
      series: [{
        type: "sankey", left: 72, right: 132, top: 24, bottom: 4, nodeWidth: 7,
        nodeGap: 9, layoutIterations: 0, draggable: false,
        emphasis: { disabled: true },
        data: [...nodes("from", "a"), ...nodes("to", "b")],
        links: links.map((l) => {
          const worse = l.to.level > l.from.level;
          return {
            source: `a${l.from.word}`, target: `b${l.to.word}`, value: l.loans,
            lineStyle: {
              color: worse ? css("--dh-m3") : css("--dh-good"),
              opacity: worse ? 0.34 : 0.2, curveness: 0.5,
            },
          };
        }),
      }],
    }, true);
  }
  draw();
  document.addEventListener("daihou:theme", draw);
  window.addEventListener("resize", () => chart.resize());
})();

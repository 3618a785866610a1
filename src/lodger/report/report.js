"use strict";
// Draws the charts: those that come into view first, the others while the browser has nothing else to do (for print).
(() => {
  const read = (element) => JSON.parse(element.textContent);
  const specs = read(document.getElementById("specs"));
  const font = "system-ui, sans-serif";
  const axis = {
    domainColor: "var(--line)", gridColor: "var(--line)", tickColor: "var(--line)", gridOpacity: 0.7,
    labelColor: "var(--ink-soft)", titleColor: "var(--ink-soft)", titleFontWeight: "normal", labelFontSize: 11,
    titleFontSize: 11, labelFont: font, titleFont: font,
  };
  const config = (width) => ({
    background: null, font, view: { stroke: null }, axis, text: { font },
    axisY: { labelLimit: width < 560 ? 120 : 270 },
  });

  const draw = async (place) => {
    if (place.dataset.state) return;
    place.dataset.state = "drawing";
    const { spec, height, rows, marks } = read(place.querySelector("script"));
    const target = place.querySelector("div");
    try {
      await window.vegaEmbed(target, { ...specs[spec], height, datasets: { rows, marks } }, {
        mode: "vega-lite", renderer: "svg", actions: false, ast: true, tooltip: false, defaultStyle: false,
        config: config(place.clientWidth),
      });
      place.dataset.state = "drawn";
    } catch (error) {
      place.dataset.state = "failed";
      target.textContent = `This chart could not be drawn: ${error.message}`;
    }
  };

  const waiting = [...document.querySelectorAll("[data-chart]")];
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        watcher.unobserve(entry.target);
        draw(entry.target);
      }
    }
  }, { rootMargin: "400px" });
  waiting.forEach((place) => watcher.observe(place));

  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
  const next = async () => {
    const place = waiting.shift();
    if (!place) return;
    await draw(place);
    idle(next);
  };
  idle(next);
})();

"use strict";
// Draw each chart from the specification that stands beside it.
for (const figure of document.querySelectorAll("figure[data-chart]")) {
  const place = figure.querySelector(".plot");
  const spec = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const options = { renderer: "svg", actions: false, ast: true, tooltip: { theme: "custom" } };
  window.fsdbEmbed(place, spec, options).then(
    function () { figure.dataset.drawn = "yes"; },
    function (error) {
      place.textContent = "This chart could not be drawn: " + error.message;
      console.error(error);
    }
  );
}
// On paper everything is open.
window.addEventListener("beforeprint", function () {
  for (const each of document.querySelectorAll("details:not([open])")) { each.dataset.shut = "yes"; each.open = true; }
});
window.addEventListener("afterprint", function () {
  for (const each of document.querySelectorAll("details[data-shut]")) { each.open = false; delete each.dataset.shut; }
});

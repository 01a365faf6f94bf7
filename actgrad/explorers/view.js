// A plot's view to zoom and to move.
import { button } from "./controls.js";
import { make } from "./dom.js";
import { onDrag, pixels } from "./plot.js";
import { roundUp, tidy } from "./text.js";

/** @typedef {import("./plot.js").Plot} Plot */
/** @typedef {import("./plot.js").View} View */

/** The number of a range that is nearest to x; where the range's end is odd, a round one. */
export function inside(x, [from, to]) {
  const step = roundUp((to - from) / 1000);
  if (x < from) return tidy(Math.ceil(from / step - 1e-6) * step);
  return x > to ? tidy(Math.floor(to / step + 1e-6) * step) : x;
}

/** The view that the model's `x_range` and `y_range` are. @returns {View} */
export const viewOf = (model) => ({
  get x() {
    return model.get("x_range");
  },
  get y() {
    return model.get("y_range");
  },
});

/**
 * Zoom and pan of a plot whose view is the model's `x_range` and `y_range`: by buttons, by
 * dragging the plot, by the wheel with Ctrl. `anchor()` is the point that zooming in keeps.
 *
 * @param {Plot} plot
 */
export function navigate(plot, { put, anchor, home }) {
  const { view } = plot;
  const zoom = (factor, at = anchor()) => {
    const width = (view.x[1] - view.x[0]) * factor;
    if (width < 0.02 || width > 400) return;
    put({
      x_range: view.x.map((side) => at[0] + (side - at[0]) * factor),
      y_range: view.y.map((side) => at[1] + (side - at[1]) * factor),
    });
  };
  const middle = () => [(view.x[0] + view.x[1]) / 2, (view.y[0] + view.y[1]) / 2];
  const pan = (from, dx, dy) =>
    put({ x_range: from.x.map((side) => side + dx), y_range: from.y.map((side) => side + dy) });
  const step = (direction) => pan(view, (direction * (view.x[1] - view.x[0])) / 4, 0);
  let grabbed = { px: 0, py: 0, x: [0, 0], y: [0, 0] };
  onDrag(plot, plot.svg, {
    start: (px, py) => {
      grabbed = { px, py, x: [...view.x], y: [...view.y] };
    },
    move: (px, py) =>
      pan(
        grabbed,
        plot.fromX(grabbed.px) - plot.fromX(px),
        plot.fromY(grabbed.py) - plot.fromY(py),
      ),
  });
  // A bare wheel scrolls the page; with Ctrl (or a pinch) it zooms, as maps do.
  plot.svg.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const [px, py] = pixels(plot, event);
      zoom(event.deltaY > 0 ? 1.25 : 0.8, [plot.fromX(px), plot.fromY(py)]);
    },
    { passive: false },
  );
  return make(
    "div",
    { class: "actgrad-buttons", role: "group", "aria-label": "View" },
    button("+", "Zoom in", () => zoom(0.5)),
    button("−", "Zoom out", () => zoom(2, middle())),
    button("◂", "Move the view left", () => step(-1)),
    button("▸", "Move the view right", () => step(1)),
    button("Reset view", null, () => put(home)),
  );
}

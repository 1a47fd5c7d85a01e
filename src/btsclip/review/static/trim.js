// The bar below the picture, with handles for the start and end of the span. Drag them, or use arrow keys.
import { clock, make } from "/static/dom.js";

const MARGIN_SECONDS = 8; // before and after the span
const MIN_SECONDS = 0.5;

export function trimmer(span, take, { seek, onChange }) {
  const from = Math.max(0, span.start - MARGIN_SECONDS);
  const until = Math.min(take.duration, span.end + MARGIN_SECONDS);
  const times = { start: span.start, end: span.end };
  const step = 1 / (take.fps || 30);
  const chosen = make("div", { className: "chosen" });
  const head = make("div", { className: "head" });
  const track = make("div", { className: "trim" }, chosen, head);
  const share = (time) => `${(100 * (time - from)) / (until - from)}%`;

  const handles = Object.fromEntries(["start", "end"].map((which) => {
    const handle = make("div", {
      className: `handle ${which}`, tabIndex: 0, role: "slider", id: `trim-${which}`,
      "aria-label": which === "start" ? "Start" : "End", "aria-orientation": "horizontal",
    });
    handle.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -step, ArrowRight: step, PageDown: -1, PageUp: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      move(which, times[which] + by * (event.shiftKey ? 10 : 1));
      saveSoon();
    });
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      const drag = (point) => move(which, timeAt(point.clientX));
      const end = () => {
        handle.removeEventListener("pointermove", drag);
        onChange({ ...times });
      };
      handle.addEventListener("pointermove", drag);
      handle.addEventListener("pointerup", end, { once: true });
      event.preventDefault();
      handle.focus();
    });
    track.append(handle);
    return [which, handle];
  }));

  track.addEventListener("pointerdown", (event) => {
    if (!event.target.classList.contains("handle")) seek(timeAt(event.clientX));
  });

  let waiting;
  function saveSoon() {
    // One change for several key presses in a row.
    clearTimeout(waiting);
    waiting = setTimeout(() => onChange({ ...times }), 600);
  }

  function timeAt(x) {
    const box = track.getBoundingClientRect();
    return from + ((x - box.left) / box.width) * (until - from);
  }

  function move(which, time) {
    const min = which === "start" ? from : times.start + MIN_SECONDS;
    const max = which === "start" ? times.end - MIN_SECONDS : until;
    times[which] = Number(Math.min(Math.max(time, min), max).toFixed(3));
    show();
    seek(times[which]);
  }

  function show() {
    chosen.style.left = share(times.start);
    chosen.style.right = `${100 - parseFloat(share(times.end))}%`;
    for (const [which, handle] of Object.entries(handles)) {
      handle.style.left = share(times[which]);
      handle.setAttribute("aria-valuemin", from.toFixed(2));
      handle.setAttribute("aria-valuemax", until.toFixed(2));
      handle.setAttribute("aria-valuenow", times[which].toFixed(2));
      handle.setAttribute("aria-valuetext", clock(times[which], 2));
    }
    label.textContent = `${clock(times.start, 2)} to ${clock(times.end, 2)} of ${take.name}, ${(times.end - times.start).toFixed(2)} s`;
  }

  const label = make("p", { className: "note" });
  show();
  return {
    element: make("div", {}, track, label),
    showTime: (time) => { head.style.left = share(time); head.hidden = time < from || time > until; },
    set: (which, time) => { move(which, time); onChange({ ...times }); },
    times,
  };
}

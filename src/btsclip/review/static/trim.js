// The line below the picture: where the span begins and ends in its take, to be dragged or moved by keys.
import { clock, make } from "/static/dom.js";

const AROUND = 8; // seconds that are shown before and after the span
const LEAST = 0.5;

export function trimmer(span, take, { seek, moved }) {
  const from = Math.max(0, span.start - AROUND);
  const until = Math.min(take.duration, span.end + AROUND);
  const times = { start: span.start, end: span.end };
  const step = 1 / (take.fps || 30);
  const chosen = make("div", { className: "chosen" });
  const head = make("div", { className: "head" });
  const track = make("div", { className: "trim" }, chosen, head);
  const share = (time) => `${(100 * (time - from)) / (until - from)}%`;

  const handles = Object.fromEntries(["start", "end"].map((which) => {
    const handle = make("div", {
      className: `handle ${which}`, tabIndex: 0, role: "slider", id: `trim-${which}`,
      "aria-label": which === "start" ? "Begins" : "Ends", "aria-orientation": "horizontal",
    });
    handle.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -step, ArrowRight: step, PageDown: -1, PageUp: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      place(which, times[which] + by * (event.shiftKey ? 10 : 1));
      settle();
    });
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      const drag = (at) => place(which, timeAt(at.clientX));
      const end = () => {
        handle.removeEventListener("pointermove", drag);
        moved({ ...times });
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
  function settle() {
    // Keys come in a row: one change for all of them.
    clearTimeout(waiting);
    waiting = setTimeout(() => moved({ ...times }), 600);
  }

  function timeAt(x) {
    const box = track.getBoundingClientRect();
    return from + ((x - box.left) / box.width) * (until - from);
  }

  function place(which, time) {
    const low = which === "start" ? from : times.start + LEAST;
    const high = which === "start" ? times.end - LEAST : until;
    times[which] = Number(Math.min(Math.max(time, low), high).toFixed(3));
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
    said.textContent = `${clock(times.start, 2)} to ${clock(times.end, 2)} of ${take.name}, ${(times.end - times.start).toFixed(2)} s`;
  }

  const said = make("p", { className: "note" });
  show();
  return {
    element: make("div", {}, track, said),
    at: (time) => { head.style.left = share(time); head.hidden = time < from || time > until; },
    set: (which, time) => { place(which, time); moved({ ...times }); },
    times,
  };
}

// The take around a span, with the crop and its path drawn on it. Dragging the crop or arrow keys move the path.
import { pictureUrl, takeUrl } from "/static/api.js";
import { draw, make } from "/static/dom.js";

const MIN_KEY_DISTANCE = 0.08; // seconds: a nearer key is replaced by the new one
const ARROW_STEP = 0.01;
const FRAME_OFFSET = 0.4; // frames: a browser shows the picture before a time, a clip shows the nearest one

export function player(clip, number, span, take, { at: moment, onChange, onTime }) {
  const copyStart = take.plays ? 0 : Math.max(0, Math.floor((span.start - 8) / 8) * 8);
  const shift = copyStart - FRAME_OFFSET / (take.fps || 30); // from the video's seconds to the take's
  let target = moment ?? span.start;
  const video = make("video", {
    // The video opens at the start of the span, with a picture of it until it has loaded.
    src: `${takeUrl(clip, number, span)}#t=${Math.max(0, target - shift).toFixed(4)}`,
    poster: moment === undefined ? pictureUrl(clip, number, span, "first") : "",
    preload: "auto", playsInline: true, muted: false,
  });
  video.setAttribute("aria-label", `Take around span ${number + 1}`);
  const picture = draw("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", class: "crops" });
  const stage = make("div", { className: "stage" }, video, picture);
  stage.style.aspectRatio = `${take.width} / ${take.height}`;
  let bounds = { start: span.start, end: span.end };
  const boxes = [["crop", "Crop"], ["below", "Lower half"]].filter(([name]) => span[name].length).map(([name, label]) => {
    const rect = draw("rect", { id: `box-${name}`, class: `crop ${name}`, tabindex: 0, role: "img", "aria-label": `${label}: arrow keys move it` });
    let keys = span[name].map((key) => [...key]);
    const path = draw("g", { class: "path" });
    picture.append(path, rect);
    const outline = () => path.replaceChildren(...(keys.length > 1 ? keys : []).map((key) => {
      const box = draw("rect", {});
      placeRect(box, key);
      return box;
    }));
    const show = () => placeRect(rect, at(keys, now()));
    outline();
    const move = (cx, cy) => {
      const [, , , w, h] = at(keys, now());
      const key = [Number(now().toFixed(3)), clampCenter(cx, w), clampCenter(cy, h), w, h];
      if (keys.length === 1) keys = [[keys[0][0], ...key.slice(1)]];
      else {
        keys = keys.filter((old) => Math.abs(old[0] - key[0]) > MIN_KEY_DISTANCE);
        keys.push(key);
        keys.sort((a, b) => a[0] - b[0]);
      }
      outline();
      show();
    };
    const save = () => onChange({ [name]: keys });
    rect.addEventListener("pointerdown", (event) => {
      rect.setPointerCapture(event.pointerId);
      const box = picture.getBoundingClientRect();
      const [, cx, cy] = at(keys, now());
      const origin = [event.clientX, event.clientY];
      video.pause();
      const drag = (point) => move(cx + (point.clientX - origin[0]) / box.width, cy + (point.clientY - origin[1]) / box.height);
      rect.addEventListener("pointermove", drag);
      rect.addEventListener("pointerup", () => { rect.removeEventListener("pointermove", drag); save(); }, { once: true });
      event.preventDefault();
      rect.focus();
    });
    let waiting;
    rect.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: [-ARROW_STEP, 0], ArrowRight: [ARROW_STEP, 0], ArrowUp: [0, -ARROW_STEP], ArrowDown: [0, ARROW_STEP] }[event.key];
      if (!by) return;
      event.preventDefault();
      const [, cx, cy] = at(keys, now());
      move(cx + by[0], cy + by[1]);
      clearTimeout(waiting);
      waiting = setTimeout(save, 600);
    });
    return { show, keys: () => keys };
  });

  for (const [track, className] of [...span.blur.map((keys) => [keys, "blur"]), ...(span.may_be_seen ?? []).map((keys) => [keys, "seen"])]) {
    const face = draw("rect", { class: className });
    picture.append(face);
    boxes.push({
      show: () => {
        face.setAttribute("visibility", now() >= track[0][0] && now() <= track.at(-1)[0] ? "visible" : "hidden");
        placeRect(face, at(track, now()));
      },
    });
  }

  let opened = false; // until then the video may be at any time
  const now = () => (opened ? Math.max(0, video.currentTime + shift) : target);
  const seek = (time) => {
    target = time;
    if (opened) video.currentTime = Math.max(0, time - shift);
  };
  const refresh = () => { boxes.forEach((box) => box.show()); onTime(now()); };
  let playingSpan = false;
  const frame = () => {
    refresh();
    if (playingSpan && now() >= bounds.end) { video.pause(); seek(bounds.start); }
    if (!video.paused) requestAnimationFrame(frame);
  };
  video.addEventListener("loadedmetadata", () => { opened = true; seek(target); }, { once: true });
  video.addEventListener("seeked", refresh);
  video.addEventListener("play", () => requestAnimationFrame(frame));
  video.addEventListener("pause", () => { playingSpan = false; });
  video.addEventListener("click", toggle);

  function toggle() {
    if (!video.paused) return video.pause();
    if (now() < bounds.start || now() >= bounds.end - 0.05) seek(bounds.start);
    playingSpan = true;
    return video.play();
  }
  refresh();
  return { element: stage, video, seek, now, toggle, setBounds: (times) => { bounds = times; } };
}

function placeRect(rect, [, cx, cy, w, h]) {
  for (const [name, value] of Object.entries({ x: cx - w / 2, y: cy - h / 2, width: w, height: h })) rect.setAttribute(name, value);
}

const clampCenter = (center, size) => Number(Math.min(Math.max(center, size / 2), 1 - size / 2).toFixed(5));

// The box at a time, on straight lines between keys. Two keys of the same time are a jump.
export function at(keys, time) {
  const next = keys.findIndex((key) => key[0] > time);
  if (next === 0) return keys[0];
  if (next < 0) return keys.at(-1);
  const [a, b] = [keys[next - 1], keys[next]];
  const share = (time - a[0]) / (b[0] - a[0]);
  return a.map((value, i) => value + (b[i] - value) * share);
}

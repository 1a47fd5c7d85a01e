"use strict";
const clips = [...document.querySelectorAll(".clip")];

document.getElementById("zone")?.addEventListener("change", (event) => {
  if (event.target.value) document.body.dataset.zone = event.target.value;
  else delete document.body.dataset.zone;
});

for (const box of document.querySelectorAll("input[name=kind]")) {
  box.addEventListener("change", () => {
    for (const clip of clips) if (clip.dataset.kind === box.value) clip.hidden = !box.checked;
  });
}

// Only one clip plays at a time.
document.addEventListener("play", (event) => {
  for (const video of document.querySelectorAll("video")) if (video !== event.target) video.pause();
}, true);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const shown = clips.filter((clip) => !clip.hidden);
  const at = shown.findIndex((clip) => clip.contains(document.activeElement));
  if (event.key === "j" || event.key === "k") {
    const next = shown[Math.max(0, Math.min(shown.length - 1, at + (event.key === "j" ? 1 : -1)))];
    next?.scrollIntoView({ block: "nearest" });
    next?.focus({ preventScroll: true });
  } else if (event.key === " " && document.activeElement.matches(".clip")) {
    const video = document.activeElement.querySelector("video");
    if (video) { video.paused ? video.play() : video.pause(); event.preventDefault(); }
  }
});

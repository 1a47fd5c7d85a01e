// Requests to the server. Its answers are JSON, with `error` for a failure.

export class RequestError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function request(path, values) {
  const options = values === undefined ? {} : {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(values),
  };
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new RequestError(0, "btsclip review has stopped; start it again");
  }
  const content = answer.headers.get("content-type")?.startsWith("application/json")
    ? await answer.json() : { error: await answer.text() };
  if (!answer.ok) throw new RequestError(answer.status, content.error || `the server failed with status ${answer.status}`);
  return content;
}

export const load = () => request("/api/plan");
export const save = (tag, edits) => request("/api/edits", { tag, edits });
export const undo = (tag) => request("/api/undo", { tag });
export const render = (clips) => request("/api/render", { clips });
export const progress = () => request("/api/progress");

const encode = encodeURIComponent;
export const takeUrl = (clip, number, span) => {
  // The address changes with the part of the take, so that the browser plays no cached copy of another.
  const part = `${Math.floor(span.start / 8)}-${Math.floor(span.end / 8)}`;
  return `/media/takes/${encode(clip.id)}/${number}/${part}.mp4?${encode(span.source)}`;
};
// `where`: "first" or "middle".
export const pictureUrl = (clip, number, span, where) =>
  `/media/pictures/${encode(clip.id)}/${number}/${where}?${span.start}-${span.end}-${encode(span.source)}`;
// The address changes with all that the picture shows.
export const coverUrl = (clip, number, { span, at }, preset) => {
  const { source, crop, below, layout, blur } = clip.spans[span];
  const shown = JSON.stringify([at, clip.title, preset, source, layout, crop.length, crop[0], crop.at(-1), below[0], blur.length]);
  return `/media/covers/${encode(clip.id)}/${number}?${encode(shown)}`;
};
export const renderedUrl = (clip, suffix, made) => `/media/clips/${encode(clip.id)}/${suffix}?${made}`;

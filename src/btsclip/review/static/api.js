// What the server is asked; it answers with JSON, and says in `error` what is wrong.

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(path, values) {
  const how = values === undefined ? {} : {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(values),
  };
  let answer;
  try {
    answer = await fetch(path, how);
  } catch {
    throw new Refused(0, "btsclip review is not running any more; start it again");
  }
  const told = answer.headers.get("content-type")?.startsWith("application/json")
    ? await answer.json() : { error: await answer.text() };
  if (!answer.ok) throw new Refused(answer.status, told.error || `the server answered ${answer.status}`);
  return told;
}

export const load = () => ask("/api/plan");
export const save = (tag, edits) => ask("/api/edits", { tag, edits });
export const undo = (tag) => ask("/api/undo", { tag });
export const render = (clips) => ask("/api/render", { clips });
export const progress = () => ask("/api/progress");

const part = encodeURIComponent;
export const takeUrl = (clip, number, span) => {
  // The address changes with the part of the take that is shown, so that no old copy is played.
  const place = `${Math.floor(span.start / 8)}-${Math.floor(span.end / 8)}`;
  return `/media/takes/${part(clip.id)}/${number}/${place}.mp4?${part(span.source)}`;
};
// `where`: "first" or "middle".
export const pictureUrl = (clip, number, span, where) =>
  `/media/pictures/${part(clip.id)}/${number}/${where}?${span.start}-${span.end}-${part(span.source)}`;
export const finishedUrl = (clip, form, made) => `/media/clips/${part(clip.id)}/${form}?${made}`;

// Draws every frame in headless Chromium and writes them as JPEG, one after the other, to stdout.
// node frames.mjs MODULES CHROMIUM RATE
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { once } from "node:events";

const [modules, chromiumPath, rate] = process.argv.slice(2);
const here = path.dirname(new URL(import.meta.url).pathname);
const { chromium } = createRequire(path.join(modules, "/"))("playwright-core");
const TYPES = { ".html": "text/html", ".js": "text/javascript" };

const server = http.createServer((request, response) => {
  const name = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  const file = path.join(name.startsWith("/node_modules/") ? modules : here, name);
  fs.readFile(file, (error, data) => {
    response.writeHead(error ? 404 : 200,
      { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
    response.end(data);
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

const browser = await chromium.launch({ executablePath: chromiumPath, args: [
  "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
  "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
page.on("pageerror", (error) => { throw error; });
await page.goto(`http://127.0.0.1:${server.address().port}/scene.html`);
await page.waitForFunction("window.ready", null, { timeout: 60_000 });
const frames = Math.round((await page.evaluate("window.seconds")) * rate);
for (let i = 0; i < frames; i++) {
  const url = await page.evaluate((t) => window.frame(t), i / rate);
  if (!process.stdout.write(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"))) {
    await once(process.stdout, "drain");
  }
  if (i % 150 === 0) process.stderr.write(`${i} of ${frames} frames\n`);
}
await browser.close();
server.close();

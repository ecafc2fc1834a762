// Builds and serves the harness: node tests/canvas/harness/serve.mjs [port]. Stop it with Ctrl C.
import { execFileSync } from "node:child_process";
import { context } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const out = join(here, "../node_modules/.harness");
const port = Number(process.argv[2] ?? 3300);

mkdirSync(out, { recursive: true });
writeFileSync(join(out, "catalogue.json"), execFileSync(join(root, ".venv/bin/python"), [join(here, "catalogue.py")], { cwd: root, env: { ...process.env, PYTHONPATH: root } }));
const build = await context({
  entryPoints: [join(here, "main.jsx")], bundle: true, format: "esm", jsx: "automatic", outfile: join(out, "main.js"), nodePaths: [join(here, "../node_modules")],
  define: { "process.env.NODE_ENV": '"production"' }, minify: !process.argv.includes("--readable"), logLevel: "warning",
});
await build.rebuild();
if (process.argv.includes("--build")) process.exit(0);

const TYPES = { js: "text/javascript", css: "text/css", json: "application/json", woff2: "font/woff2", html: "text/html" };
createServer((request, response) => {
  const path = new URL(request.url ?? "/", "http://x").pathname;
  const file = { "/": join(here, "index.html"), "/main.js": join(out, "main.js"), "/main.css": join(out, "main.css"), "/catalogue.json": join(out, "catalogue.json") }[path] ?? join(root, "assets", path.replaceAll("..", ""));
  try {
    const content = readFileSync(file);
    response.writeHead(200, { "content-type": `${TYPES[path.split(".").at(-1)] ?? "text/html"}; charset=utf-8` }).end(content);
  } catch {
    response.writeHead(404).end();
  }
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/?document=triage|empty|broken|nested|many|crowd`));

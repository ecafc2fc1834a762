/**
 * Files in words and pictures of words: their size, what kind they are, and sending one.
 *
 * @typedef {{ id: string, name: string, type: string, size: number, sha256: string }} Handle a file inside a value
 */

const UNITS = ["bytes", "kB", "MB", "GB"];

/** A size as people say it: “340 kB”. @param {number} bytes */
export function sizeWords(bytes) {
  const step = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const amount = bytes / 1000 ** step;
  return `${step && amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${step || bytes !== 1 ? UNITS[step] : "byte"}`;
}

/** What a file is, in a word: it picks the icon and stands beside the size. @param {string} type @returns {"picture" | "table" | "text" | "archive" | "file"} */
export function kindOf(type) {
  if (type.startsWith("image/")) return "picture";
  if (type === "text/csv" || type === "text/tab-separated-values" || type.includes("spreadsheetml")) return "table";
  if (type === "application/pdf" || type.startsWith("text/") || type.includes("wordprocessingml") || type === "application/json") return "text";
  return type === "application/zip" || type === "application/gzip" ? "archive" : "file";
}

/** @type {Record<string, string>} */
const WORDS = {
  "application/pdf": "PDF", "text/csv": "CSV", "text/plain": "Text", "text/markdown": "Markdown", "text/html": "HTML", "application/json": "JSON",
  "image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WebP", "image/svg+xml": "SVG", "application/zip": "Archive",
};

/** @param {string} type */
export function typeWords(type) {
  if (type.includes("wordprocessingml")) return "Word";
  if (type.includes("spreadsheetml")) return "Excel";
  if (type.includes("presentationml")) return "PowerPoint";
  return WORDS[type] ?? "File";
}

/** Endings of documents: the same as in nodes/sdk/files.py, which decides. */
const DOCUMENTS = "csv doc docx eml epub htm html json log md mdx markdown msg ods odt pdf ppt pptx rtf tsv txt xls xlsx xml yaml yml".split(" ");
/** @type {Record<string, string>} */
const KINDS = { image: "Pictures", document: "Documents", audio: "Audio", video: "Video" };

/** @typedef {{ kinds?: string[], endings?: string[] }} Taken which files an input takes: kinds, beside them endings; neither: any */

/** @param {Taken} taken */
const endingsOf = ({ endings = [] }) => endings.map((each) => each.trim().toLowerCase().replace(/^\.+/, "")).filter(Boolean);

/** What the browser offers to choose. @param {Taken} taken */
export function acceptOf(taken) {
  const kinds = (taken.kinds ?? []).flatMap((kind) => (kind === "document" ? ["text/*", ...DOCUMENTS.map((each) => `.${each}`)] : [`${kind}/*`]));
  return [...kinds, ...endingsOf(taken).map((each) => `.${each}`)].join(",");
}

/** The same in words: “PDF, up to 50 MB”. @param {Taken} taken @param {number} most bytes of one file; 0: not told */
export function takenWords(taken, most) {
  const words = [...(taken.kinds ?? []).map((kind) => KINDS[kind] ?? kind), ...endingsOf(taken).map((each) => each.toUpperCase())];
  const size = most ? `${words.length ? "up" : "Up"} to ${sizeWords(most)}` : "";
  return [...words, size].filter(Boolean).join(", ");
}

/** What is wrong with a file that was dropped; empty where it fits. @param {{ name: string, type: string }} file @param {Taken} taken */
export function misfit(file, taken) {
  const kinds = taken.kinds ?? [];
  const endings = endingsOf(taken);
  if (!kinds.length && !endings.length) return "";
  const ending = file.name.includes(".") ? (file.name.split(".").pop() ?? "").toLowerCase() : "";
  const family = file.type.split("/")[0] ?? "";
  const kind = ["image", "audio", "video"].includes(family) ? family : DOCUMENTS.includes(ending) || family === "text" ? "document" : "other";
  return kinds.includes(kind) || endings.includes(ending) ? "" : `This is none of what is asked for: ${takenWords(taken, 0)}.`;
}

/** Sends a file; the handle it got, or the sentence of what went wrong. @param {File} file @param {(share: number) => void} onShare @param {(stop: () => void) => void} onBegun @returns {Promise<{ handle?: Handle, error?: string }>} */
export function send(file, onShare, onBegun) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/files/?name=${encodeURIComponent(file.name)}`);
    request.upload.onprogress = (event) => event.lengthComputable && onShare(event.loaded / event.total);
    request.onload = () => resolve(request.status < 300 ? { handle: handleIn(request.responseText) } : { error: told(request.responseText) });
    request.onerror = () => resolve({ error: "The file did not get through. Look at your connection and try again; the server may also have refused it for its size." });
    request.onabort = () => resolve({});
    onBegun(() => request.abort());
    request.send(file);
  });
}

/** @param {string} text @returns {Handle} */
function handleIn(text) {
  const { id, name, type, size, sha256 } = JSON.parse(text);
  return { id, name, type, size, sha256 };
}

/** The sentence of a refusal. @param {string} body */
export function told(body) {
  try {
    const { message, hint } = JSON.parse(body).error;
    return [message, hint].filter(Boolean).join(" ");
  } catch {
    return "The server did not take it. Reload the page and try again.";
  }
}

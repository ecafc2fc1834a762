/**
 * Code as text: pieces to colour, keys that indent, the beginning of a function, the line of a mistake. Nothing here runs it.
 *
 * @typedef {"python" | "javascript" | "jinja"} Language
 * @typedef {{ kind: "plain" | "comment" | "string" | "number" | "word" | "mark" | "own", text: string }} Piece
 * @typedef {{ text: string, start: number, end: number }} Typed text with the selection in it
 */

const PYTHON = "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";
const JAVASCRIPT = "async await break case catch class const continue default delete do else false finally for function if in instanceof let new null of return switch this throw true try typeof undefined var while";
const JINJA = "and block else elif endblock endfor endif endmacro endset false filter for if in is macro not none or set true loop";
const WORDS = { python: new Set(PYTHON.split(" ")), javascript: new Set(JAVASCRIPT.split(" ")), jinja: new Set(JINJA.split(" ")) };

const STRING = `"(?:[^"\\\\\\n]|\\\\.)*"?|'(?:[^'\\\\\\n]|\\\\.)*'?`;
const REST = "|\\d[\\d._]*|[A-Za-z_$][\\w$]*";
const PIECES = {
  python: new RegExp(`#.*|"""[\\s\\S]*?(?:"""|$)|'''[\\s\\S]*?(?:'''|$)|${STRING}${REST}`, "g"),
  javascript: new RegExp(`//.*|/\\*[\\s\\S]*?(?:\\*/|$)|\`(?:[^\`\\\\]|\\\\[\\s\\S])*\`?|${STRING}${REST}`, "g"),
  inside: new RegExp(`${STRING}${REST}`, "g"),
};
const JINJA_PARTS = /\{#[\s\S]*?(?:#\}|$)|\{\{[\s\S]*?(?:\}\}|$)|\{%[\s\S]*?(?:%\}|$)/g;
const INDENT = { python: "    ", javascript: "  ", jinja: "  " };
/** Longer code is shown in one colour: colouring it would be felt while typing. */
const LONGEST = 20_000;

/** The pieces of code, in order and without gaps. `names` are the step's inputs. @param {string} text @param {Language} language @param {string[]} [names] @returns {Piece[]} */
export function pieces(text, language, names = []) {
  if (text.length > LONGEST) return [{ kind: "plain", text }];
  const own = new Set(names);
  if (language !== "jinja") return split(text, PIECES[language], (found) => kindOf(found, WORDS[language], own));
  /** @type {Piece[]} */
  const all = [];
  for (const part of split(text, JINJA_PARTS, (found) => (found.startsWith("{#") ? "comment" : "mark"))) {
    if (part.kind !== "mark") all.push(part);
    else for (const piece of split(part.text, PIECES.inside, (found) => kindOf(found, WORDS.jinja, own))) all.push(piece.kind === "plain" ? { ...piece, kind: "mark" } : piece);
  }
  return all;
}

/** @param {string} text @param {RegExp} expression @param {(found: string) => Piece["kind"]} kind @returns {Piece[]} */
function split(text, expression, kind) {
  /** @type {Piece[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(expression)) {
    if (match.index > end) found.push({ kind: "plain", text: text.slice(end, match.index) });
    found.push({ kind: kind(match[0]), text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ kind: "plain", text: text.slice(end) });
  return found;
}

/** @param {string} found @param {Set<string>} words @param {Set<string>} own @returns {Piece["kind"]} */
function kindOf(found, words, own) {
  if (found.startsWith("#") || found.startsWith("//") || found.startsWith("/*")) return "comment";
  if (/^["'`]/.test(found)) return "string";
  if (/^\d/.test(found)) return "number";
  return words.has(found) ? "word" : own.has(found) ? "own" : "plain";
}

/** @param {string} text @param {number} at */
const lineStart = (text, at) => text.lastIndexOf("\n", at - 1) + 1;

/** What Tab does: to the next stop, or with several lines chosen all of them further in. @param {Typed} typed @param {Language} language @returns {{ from: number, to: number, put: string, start: number, end: number }} */
export function indented({ text, start, end }, language) {
  const step = INDENT[language];
  if (!text.slice(start, end).includes("\n")) {
    const put = step.slice((start - lineStart(text, start)) % step.length);
    return { from: start, to: end, put, start: start + put.length, end: start + put.length };
  }
  const from = lineStart(text, start);
  const put = text.slice(from, end).split("\n").map((line) => (line.trim() ? step + line : line)).join("\n");
  return { from, to: end, put, start: from, end: from + put.length };
}

/** What Shift and Tab do: the line, or every chosen one, further out. @param {Typed} typed @param {Language} language @returns {{ from: number, to: number, put: string, start: number, end: number } | null} */
export function outdented({ text, start, end }, language) {
  const from = lineStart(text, start);
  const lineEnd = text.indexOf("\n", end);
  const to = lineEnd < 0 ? text.length : lineEnd;
  const lines = text.slice(from, to).split("\n");
  const fewer = lines.map((line) => line.replace(new RegExp(`^ {1,${INDENT[language].length}}|^\\t`), ""));
  const put = fewer.join("\n");
  if (put === text.slice(from, to)) return null;
  const first = (lines[0]?.length ?? 0) - (fewer[0]?.length ?? 0);
  return { from, to, put, start: Math.max(from, start - first), end: Math.max(from, end - (to - from - put.length)) };
}

/** What Enter puts in: a new line that begins where this one does, further in behind an opening. @param {Typed} typed @param {Language} language */
export function newLine({ text, start }, language) {
  const line = text.slice(lineStart(text, start), start);
  const margin = line.match(/^[ \t]*/)?.[0] ?? "";
  const opens = language === "python" ? /[:([{]\s*$/.test(line) : language === "javascript" && /[([{]\s*$/.test(line);
  return `\n${margin}${opens ? INDENT[language] : ""}`;
}

/** A function main that takes the inputs and gives the outputs, to begin with. @param {Language} language @param {{ name?: string }[]} inputs @param {{ name?: string, kind?: string }[]} outputs */
export function beginning(language, inputs, outputs) {
  const given = inputs.map((each) => each?.name).filter(Boolean);
  const made = outputs.filter((each) => each?.name);
  const empty = (/** @type {string | undefined} */ kind) => EMPTY[kind ?? "text"] ?? '""';
  if (language === "javascript") {
    const body = made.map((each) => `    ${each.name}: ${empty(each.kind)},\n`).join("");
    return `function main({${given.join(", ")}}) {\n  return {${body ? `\n${body}  ` : ""}};\n}\n`;
  }
  const python = { true: "True", null: "None" };
  const body = made.map((each) => `        "${each.name}": ${python[/** @type {keyof typeof python} */ (empty(each.kind))] ?? empty(each.kind)},\n`).join("");
  return `def main(${given.join(", ")}):\n    return {${body ? `\n${body}    ` : ""}}\n`;
}

/** @type {Record<string, string>} */
const EMPTY = { number: "0", yes_no: "true", object: "{}", texts: "[]", numbers: "[]", yes_nos: "[]", objects: "[]", list: "[]", any: "null" };

/** The line a sentence begins with (“Line 3: …”); 0 where it names none. @param {string} sentence */
export const lineOf = (sentence) => Number(/^Line (\d{1,5}): /.exec(sentence)?.[1] ?? 0);

/** How an input is put into code. @param {string} name @param {Language} language */
export const put = (name, language) => (language === "jinja" ? `{{ ${name} }}` : name);

import assert from "node:assert/strict";
import { test } from "node:test";
import { beginning, indented, lineOf, newLine, outdented, pieces, put } from "../../builder/canvas/core/code.js";
import { pasted } from "../../builder/canvas/core/clipboard.js";

const kinds = (/** @type {import("../../builder/canvas/core/code.js").Piece[]} */ found) => found.filter((piece) => piece.text.trim()).map((piece) => `${piece.kind}:${piece.text.trim()}`);
/** @param {string} marked `|` stands at both ends of the selection, or once for the cursor */
const at = (marked) => ({ text: marked.replaceAll("|", ""), start: marked.indexOf("|"), end: Math.max(marked.indexOf("|"), marked.lastIndexOf("|") - 1) });
/** @param {{ text: string }} typed @param {{ from: number, to: number, put: string, start: number, end: number } | null} change */
const after = ({ text }, change) => {
  if (!change) return null;
  const next = text.slice(0, change.from) + change.put + text.slice(change.to);
  const marked = `${next.slice(0, change.start)}|${next.slice(change.start)}`;
  return change.end > change.start ? `${marked.slice(0, change.end + 1)}|${marked.slice(change.end + 1)}` : marked;
};

test("pieces of code have no gaps", () => {
  for (const [language, text] of /** @type {const} */ ([["python", "def f(a):\n  # x\n  return 'a' + \"b\n"], ["javascript", "/* a\n*/ const a = `x${1}`; // y"], ["jinja", "a {{ b }} {% if c %}'x'{# d"]])) {
    assert.equal(pieces(text, language, ["a"]).map((piece) => piece.text).join(""), text);
  }
});

test("words, texts, numbers, comments and inputs are told apart", () => {
  assert.deepEqual(kinds(pieces("def main(net): # tax\n    return {'a': net * 1.19}", "python", ["net"])), [
    "word:def", "plain:main", "plain:(", "own:net", "plain:):", "comment:# tax", "word:return", "plain:{", "string:'a'", "plain::", "own:net", "plain:*", "number:1.19", "plain:}",
  ]);
  assert.deepEqual(kinds(pieces("Dear {{ who }}, {% if n > 1 %}if{% endif %}", "jinja", ["who"])), [
    "plain:Dear", "mark:{{", "own:who", "mark:}}", "plain:,", "mark:{%", "word:if", "mark:n", "mark:>", "number:1", "mark:%}", "plain:if", "mark:{%", "word:endif", "mark:%}",
  ]);
  assert.deepEqual(kinds(pieces("// a\nconst b = `c`;", "javascript")), ["comment:// a", "word:const", "plain:b", "plain:=", "string:`c`", "plain:;"]);
});

test("very long code is not coloured", () => {
  assert.equal(pieces("a ".repeat(20_000), "python").length, 1);
});

test("Tab goes to the next stop, or moves all chosen lines", () => {
  for (const [before, wanted] of [["a|", "a   |"], ["|", "    |"], ["    |x", "        |x"], ["|a\n\nb|", "|    a\n\n    b|"], ["x\n  |a\nb|", "x\n|      a\n    b|"]]) {
    const typed = at(before ?? "");
    assert.equal(after(typed, indented(typed, "python")), wanted);
  }
});

test("Shift and Tab move back, and do nothing at the margin", () => {
  for (const [before, wanted] of [["    a|", "a|"], ["  a|b", "a|b"], ["x\n    |a\n    b|\nc", "x\n|a\nb|\nc"], ["\ta|", "a|"]]) {
    const typed = at(before ?? "");
    assert.equal(after(typed, outdented(typed, "python")), wanted);
  }
  assert.equal(outdented(at("a|"), "python"), null);
});

test("a new line keeps the margin, and goes further in behind an opening", () => {
  assert.equal(newLine(at("  a|"), "python"), "\n  ");
  assert.equal(newLine(at("def main():|"), "python"), "\n    ");
  assert.equal(newLine(at("if (a) {|"), "javascript"), "\n  ");
  assert.equal(newLine(at("Dear:|"), "jinja"), "\n");
});

test("the beginning takes the inputs and gives the outputs", () => {
  const outputs = [{ name: "net", kind: "number" }, { name: "ok", kind: "yes_no" }, { name: "what" }, { name: "any", kind: "any" }];
  assert.equal(beginning("python", [{ name: "a" }, { name: "b" }, {}], outputs), 'def main(a, b):\n    return {\n        "net": 0,\n        "ok": True,\n        "what": "",\n        "any": None,\n    }\n');
  assert.equal(beginning("javascript", [{ name: "a" }], outputs), 'function main({a}) {\n  return {\n    net: 0,\n    ok: true,\n    what: "",\n    any: null,\n  };\n}\n');
  assert.equal(beginning("python", [], []), "def main():\n    return {}\n");
});

test("the line of a mistake is the one its sentence begins with", () => {
  assert.equal(lineOf("Line 12: NameError"), 12);
  assert.equal(lineOf("In Line 12: no"), 0);
});

test("an input is put in as the language has it", () => {
  assert.equal(put("net", "jinja"), "{{ net }}");
  assert.equal(put("net", "python"), "net");
});

test("pasted code is the code that was copied; references beside it follow their steps", () => {
  const document = { meaning: { steps: { ask: {}, write: {} } }, words: { steps: {}, notes: {} }, layout: { steps: {} } };
  const settings = { template: "{{ ask.text }}", inputs: [{ name: "ask", value: "{{ ask.text }}" }] };
  const clip = { greenlane: "steps", edges: [], steps: [{ edit: "add", id: "ask", step: { type: "ai", settings: {} } }, { edit: "add", id: "write", step: { type: "data.template", settings } }] };
  const types = new Map([["data.template", { fields: [{ name: "template", control: "code" }, { name: "inputs", control: "rows" }] }]]);
  const { edits } = pasted(/** @type {any} */ (document), /** @type {any} */ (clip), {}, /** @type {any} */ (types));
  const made = /** @type {any} */ (edits[1]).step.settings;
  assert.deepEqual(made, { template: "{{ ask.text }}", inputs: [{ name: "ask", value: "{{ ask_2.text }}" }] });
});

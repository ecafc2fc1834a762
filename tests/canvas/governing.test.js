import assert from "node:assert/strict";
import { test } from "node:test";
import { bySink, marksOf, merged, outputsOf, wordDiff } from "../../builder/canvas/core/governing.js";
import { completed } from "../../builder/canvas/core/document.js";

const BEFORE = { name: "flow", words: { steps: { fax: { title: "Fax it" } } }, meaning: { steps: { start: { type: "flow.start" }, fax: { type: "x" }, end: { type: "flow.finish" } }, edges: [{ from: "start", to: "fax" }, { from: "fax", to: "end" }] }, layout: { steps: { fax: [5, 6] } } };
const AFTER = { name: "flow", words: { steps: {} }, meaning: { steps: { start: { type: "flow.start" }, ask: { type: "y" }, end: { type: "flow.finish" } }, edges: [{ from: "start", to: "ask" }, { from: "ask", to: "end" }] }, layout: { steps: {} } };
/** @type {(step: string, part: string, material: boolean) => any} */
const changed = (step, part, material) => ({ change: { kind: "changed", part, step, field: "a", before: 1, after: 2, sentence: "", material } });

test("what is gone stands where it was, beside what is new", () => {
  const document = merged(BEFORE, AFTER);
  assert.deepEqual(Object.keys(document.meaning.steps).sort(), ["ask", "end", "fax", "start"]);
  assert.equal(document.meaning.edges.length, 4);
  assert.equal(document.words.steps.fax?.title, "Fax it");
  assert.deepEqual(document.layout.steps.fax, [5, 6]);
});

test("steps and connections are marked; words alone mark nothing", () => {
  const marks = marksOf(BEFORE, AFTER, [changed("start", "words", false), changed("end", "setting", true)]);
  assert.deepEqual(marks.steps, { end: "changed", ask: "added", fax: "removed" });
  assert.deepEqual(marks.edges, { "start.done>ask": "added", "ask.done>end": "added", "start.done>fax": "removed", "fax.done>end": "removed" });
});

test("against nothing everything is new", () => {
  assert.deepEqual(Object.values(marksOf(null, AFTER, []).steps), ["added", "added", "added"]);
});

test("two texts differ by words", () => {
  assert.deepEqual(wordDiff("Answer in one word.", "Answer in two words, please."), [
    { kind: "same", text: "Answer in " },
    { kind: "removed", text: "one" },
    { kind: "added", text: "two" },
    { kind: "same", text: " " },
    { kind: "removed", text: "word." },
    { kind: "added", text: "words, please." },
  ]);
  assert.deepEqual(wordDiff("", "new"), [{ kind: "added", text: "new" }]);
  assert.deepEqual(wordDiff("same", "same"), [{ kind: "same", text: "same" }]);
});

test("pieces put together again are the two texts", () => {
  const words = ["a", "b", " ", "c\n", "a"];
  for (let seed = 1; seed < 200; seed += 1) {
    const [one, two] = [seed, seed * 7 + 3].map((number) => [...number.toString(5)].map((digit) => words[Number(digit)]).join(""));
    const pieces = wordDiff(one ?? "", two ?? "");
    assert.equal(pieces.filter((piece) => piece.kind !== "added").map((piece) => piece.text).join(""), one);
    assert.equal(pieces.filter((piece) => piece.kind !== "removed").map((piece) => piece.text).join(""), two);
  }
});

test("a very long text is not compared word by word", () => {
  const long = "word ".repeat(3000);
  assert.deepEqual(wordDiff(long, `${long}!`).map((piece) => piece.kind), ["removed", "added"]);
});

test("flows stand under the place they lead to, forbidden ones first", () => {
  /** @type {(sink: string, allowed: boolean) => any} */
  const flow = (sink, allowed) => ({ sink, sink_kind: "model", allowed, clearance: "internal", outside: true, source: "x" });
  const places = bySink([flow("fast", true), flow("careful", false), flow("fast", true)]);
  assert.deepEqual(places.map((place) => [place.sink, place.flows.length]), [["careful", 1], ["fast", 2]]);
});

test("a test case may expect what the finish steps hand back", () => {
  const finish = (/** @type {string[]} */ ...names) => ({ type: "flow.finish", settings: { outputs: names.map((name) => ({ name })) } });
  assert.deepEqual(outputsOf(completed({ meaning: { steps: { a: finish("answer", "topic"), b: finish("answer") } } })), ["answer", "topic"]);
});

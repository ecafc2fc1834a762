import assert from "node:assert/strict";
import { test } from "node:test";
import { lacking, reportOf, reportWords } from "../../builder/canvas/core/imported.js";

/** @type {any} */
const REPORT = {
  name: "bot",
  steps: [
    { source: "1", step: "start", result: "mapped", note: "" },
    { source: "2", step: "ask", result: "partly", note: "Choose a model." },
    { source: "3", step: "tool", result: "placeholder", note: "Replace it." },
  ],
  problems: [
    { code: "model_to_choose", sentence: "Choose a model.", hint: "", severity: "warning", step: "ask", field: null },
    { code: "feature_left_out", sentence: "No greeting.", hint: "", severity: "warning", step: null, field: null },
    { code: "unknown_reference", sentence: "There is no such value.", hint: "", severity: "error", step: "ask", field: "text" },
  ],
};

test("what has no counterpart comes first, then what is almost the same; nothing is told twice, errors always", () => {
  const { first, rest, others } = lacking(REPORT);
  assert.deepEqual(first.map((each) => each.step), ["tool", "ask"]);
  assert.deepEqual(rest.map((each) => each.step), ["start"]);
  assert.deepEqual(others.map((each) => each.code), ["feature_left_out", "unknown_reference"]);
  assert.equal(reportWords(REPORT), "1 of 3 steps mean the same here, 1 almost, 1 has no counterpart and keeps its place.");
});

test("what a tab kept of an import is read, and nothing else", () => {
  assert.deepEqual(reportOf(JSON.stringify(REPORT)), REPORT);
  for (const kept of [null, "", "{", "7", '{"steps": 3}']) assert.equal(reportOf(kept), null);
});

test("many lines that only say which model was asked stand apart, a few do not", () => {
  const asks = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => ({ code: "model_to_choose", sentence: "It asked a model.", hint: "", severity: "warning", step: `s${at}`, field: null }));
  const report = (/** @type {number} */ count) => /** @type {any} */ ({ name: "bot", steps: asks(count).map(({ step }) => ({ source: step, step, result: "mapped", note: "" })), problems: [REPORT.problems[1], ...asks(count)] });
  assert.deepEqual([lacking(report(3)).others.length, lacking(report(3)).models.length], [4, 0]);
  assert.deepEqual([lacking(report(4)).others.length, lacking(report(4)).models.length], [1, 4]);
  assert.equal(reportWords(report(4)), "All 4 steps mean the same here.");
});

// A step of an earlier version is shown as today's, and becomes that with the first change.
import assert from "node:assert/strict";
import { test } from "node:test";
import { completed } from "../../builder/canvas/core/document.js";
import { applyAll } from "../../builder/canvas/core/edits.js";
import { renewed, renewedSettings } from "../../builder/canvas/core/older.js";

const document = completed({
  name: "d", words: { steps: { set: { title: "Count", note: "", labels: {} } } }, layout: { steps: { set: [5, 6] } },
  meaning: { steps: { start: { type: "flow.start", version: 1, settings: {} }, set: { type: "flow.set_value", version: 1, settings: { variable: "n", value: 1 } }, end: { type: "flow.finish", version: 1, settings: {} } }, edges: [{ from: "start", to: "set" }, { from: "set", to: "end" }] },
});
const older = { version: 2, settings: { changes: [{ variable: "n", value: 1 }] } };
/** @type {any} */
const check = { older: { set: older } };

test("only a step of an earlier version is shown in another shape", () => {
  assert.deepEqual(renewedSettings(document, check, "set"), older.settings);
  assert.equal(renewedSettings(document, check, "start"), undefined);
  assert.equal(renewedSettings(document, null, "set"), undefined);
});

test("the first change puts it in anew where it stood, with its words and edges; one undo brings the old one back", () => {
  const { document: after, inverse } = applyAll(document, renewed(document, older, "set", "changes", [{ variable: "n", value: 2 }]));
  assert.deepEqual(after.meaning.steps.set, { type: "flow.set_value", version: 2, settings: { changes: [{ variable: "n", value: 2 }] } });
  assert.deepEqual([after.words.steps.set?.title, after.layout.steps.set, after.meaning.edges.length], ["Count", [5, 6], 2]);
  assert.equal(renewedSettings(after, check, "set"), undefined);
  const { document: back } = applyAll(after, inverse);
  assert.deepEqual(back.meaning.steps.set, document.meaning.steps.set);
});

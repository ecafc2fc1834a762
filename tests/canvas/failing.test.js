import assert from "node:assert/strict";
import { test } from "node:test";
import { completed } from "../../builder/canvas/core/document.js";
import { applyAll } from "../../builder/canvas/core/edits.js";
import { canFail, failing, failureWords, handled, offers, replaceable } from "../../builder/canvas/core/failing.js";

const drawn = () => completed({
  name: "x",
  meaning: {
    steps: { ask: { type: "ai.ask_model", version: 1, settings: {}, on_failure: { then: "exit", retries: 2 } }, next: { type: "t", version: 1, settings: {} }, other: { type: "t", version: 1, settings: {} } },
    edges: [{ from: "ask", to: "next" }, { from: "ask.error", to: "other" }],
  },
});
/** @type {any} */
const ASK = { exits: [{ id: "done", label: "" }], effects: ["spend"] };

test("what nobody said is as it is by default", () => {
  assert.deepEqual(failing(drawn(), "next"), { retries: 0, wait_s: 1, factor: 1, timeout_s: null, then: "stop", fallback: {} });
  assert.equal(failing(drawn(), "ask").retries, 2);
});

test("the extra way out goes with its connections, and one undo brings both back", () => {
  const { document, inverse } = applyAll(drawn(), handled(drawn(), "ask", { then: "fallback" }, ASK));
  assert.deepEqual(document.meaning.edges, [{ from: "ask", to: "next" }]);
  assert.equal(document.meaning.steps.ask?.on_failure?.retries, 2, "the rest stays");
  assert.deepEqual(applyAll(document, inverse).document.meaning.edges, drawn().meaning.edges);
  const own = { ...ASK, exits: [...ASK.exits, { id: "error", label: "" }] };
  assert.equal(handled(drawn(), "ask", { then: "stop" }, own).length, 1, "a way out of the type itself stays");
});

test("a container is not tried again, a wait has no time, and start and finish cannot recover", () => {
  assert.deepEqual(offers({ ...ASK, container: "each" }), { retries: false, timeout: false });
  assert.deepEqual(offers({ ...ASK, effects: ["wait"] }), { retries: true, timeout: false });
  assert.ok(!canFail("flow.start") && !canFail("flow.finish") && canFail("flow.each"));
});

test("in a few words", () => {
  assert.equal(failureWords({}), "");
  assert.equal(failureWords({ retries: 1, then: "fallback" }), "1 more try, then a fallback");
  assert.equal(failureWords({ then: "exit", timeout_s: 5 }), "a way out of its own · 5 s at most");
  assert.deepEqual(replaceable([{ name: "error_message" }, { name: "error_code" }, { name: "text" }]), ["text"]);
});

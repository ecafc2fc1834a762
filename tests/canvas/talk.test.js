// What was said while a chat is tried.
import assert from "node:assert/strict";
import { test } from "node:test";
import { talkOf } from "../../builder/canvas/core/run.js";

/** @param {any} fields @returns {any} */
const run = (fields) => ({ id: "run_1", status: "succeeded", steps: {}, ...fields });

test("a run that is no message has no conversation", () => {
  assert.deepEqual(talkOf(null), []);
  assert.deepEqual(talkOf(run({ outputs: { answer: "a" } })), []);
});

test("the last message is answered by what its run hands back", () => {
  const talk = [{ message: "1", answer: "one" }, { message: "2", answer: "" }];
  assert.deepEqual(talkOf(run({ talk, outputs: { answer: "two", total: 3 } }))[1], { message: "2", answer: "two" });
  assert.deepEqual(talkOf(run({ talk, outputs: { text: "only" } }))[1], { message: "2", answer: "only" });
  assert.deepEqual(talkOf(run({ talk, outputs: null })), talk);
});

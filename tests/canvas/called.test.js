// What a run called: which steps belong to which workflow, and in which order they are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { calledBy, calledName, handedTo, innerTitle, rowsOf, workflowAt } from "../../builder/canvas/core/called.js";
import { gist } from "../../builder/canvas/core/gist.js";

/** @param {string} step @param {any} [more] @returns {any} */
const done = (step, more) => ({ step, title: step.toUpperCase(), type: "flow.start", inside: "", status: "done", ...more });
const outer = { place: "all[1]/call", name: "middle", title: "Middle", number: 2, seen: true, steps: [done("start"), done("call"), done("each"), done("say", { inside: "each" }), done("never", { status: "skipped" })] };
const deep = { place: "all[1]/call/call", name: "deep", title: "", number: 0, seen: true, steps: [done("start")] };
const called = [outer, deep];

test("a path lies in the workflow that was called last on it", () => {
  assert.equal(workflowAt("all[1]/call/each[0]"), "all[1]/call");
  assert.equal(workflowAt("all[1]"), "");
  assert.equal(workflowAt(""), "");
});

test("a step finds what it called, also where steps of both have one name", () => {
  assert.equal(calledBy(called, "", "call"), outer);
  assert.equal(calledBy(called, "all[1]/call", "call"), deep);
  assert.equal(calledBy(called, "", "other"), undefined);
});

test("steps are told in order, those of a call behind it and further in, without those not reached", () => {
  assert.deepEqual(rowsOf(called, outer).map(({ key, depth }) => [key, depth]), [
    ["all[1]/call/start", 0], ["all[1]/call/call", 0], ["all[1]/call/call/start", 1], ["all[1]/call/each", 0], ["all[1]/call/say", 1],
  ]);
});

test("a workflow is called by its title and version, or by its name where the title is not for everybody", () => {
  assert.equal(calledName(outer), "Middle, version 2");
  assert.equal(calledName(deep), "deep");
});

test("a step nobody named goes by its type", () => {
  /** @type {any} */
  const types = new Map([["flow.start", { label: "Start" }]]);
  assert.equal(innerTitle(done("a", { title: "a" }), types), "Start");
  assert.equal(innerTitle(done("a"), types), "A");
});

test("the card of a call says what it runs: by its title, or only by its name", () => {
  /** @type {any} */
  const document = { meaning: { steps: { call: { settings: { workflow: { name: "reply" } } } } }, words: { steps: {} } };
  /** @type {any} */
  const type = { type: "flow.call", container: "call", fields: [], summary: "" };
  assert.equal(gist(document, "call", type, [{ name: "reply", title: "Reply to all" }]), "Runs “Reply to all”");
  assert.equal(gist(document, "call", type), "Runs “reply”");
});

test("a step that calls another workflow has that one's inputs; what was given stays", () => {
  assert.deepEqual(handedTo(undefined, ["message", "city"]), [{ name: "message", value: null }, { name: "city", value: null }]);
  const given = [{ name: "city", value: "Rome" }, { name: "old", value: null }, { name: "other", value: 3 }];
  assert.deepEqual(handedTo(given, ["message", "city"]), [{ name: "city", value: "Rome" }, { name: "other", value: 3 }, { name: "message", value: null }]);
});

// Which files a form offers to take, and what it says of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { acceptOf, misfit, takenWords } from "../../builder/components/files_told.js";

test("an input that takes any file says only how large one may be", () => {
  assert.equal(acceptOf({}), "");
  assert.equal(takenWords({ kinds: [], endings: [] }, 50_000_000), "Up to 50 MB");
  assert.equal(misfit({ name: "a.exe", type: "" }, {}), "");
});

test("kinds and endings are offered to the browser and said to people", () => {
  assert.equal(acceptOf({ kinds: ["image"], endings: ["PDF", " .Csv"] }), "image/*,.pdf,.csv");
  assert.equal(takenWords({ kinds: ["image"], endings: [".pdf"] }, 2_000_000), "Pictures, PDF, up to 2.0 MB");
  assert.ok(acceptOf({ kinds: ["document"] }).split(",").includes(".docx"));
});

test("what is dropped is looked at, too: by its ending or what it is", () => {
  assert.equal(misfit({ name: "Bill.PDF", type: "application/pdf" }, { endings: [".pdf"] }), "");
  assert.equal(misfit({ name: "photo", type: "image/png" }, { kinds: ["image"] }), "");
  assert.equal(misfit({ name: "notes.md", type: "" }, { kinds: ["document"] }), "");
  assert.equal(misfit({ name: "photo.png", type: "image/png" }, { endings: ["pdf"] }), "This is none of what is asked for: PDF.");
});

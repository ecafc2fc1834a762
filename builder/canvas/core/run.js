/**
 * A run as the canvas shows it (times are seconds since 1970): status words, durations, text while it streams, results in a readable form.
 *
 * @typedef {"waiting" | "running" | "asking" | "done" | "failed" | "skipped" | "cancelled"} StepStatus
 * @typedef {{ status: StepStatus, exit?: string | null, started?: number | null, ended?: number | null, seconds?: number | null,
 *   attempt?: number, usage?: any, error?: any, asked?: Asked | null, handled?: boolean, tries?: number, items?: Items | null, path?: string, origin?: string }} StepRun
 * @typedef {{ kind: "item" | "round", done: number, failed: number, of: number | null }} Items how far a container is
 * @typedef {{ title: string, waits_for: string, deadline: number | null }} Asked
 * @typedef {{ id: string, status: string, started?: number | null, ended?: number | null, error?: any, outputs?: any,
 *   steps: Record<string, StepRun>, called?: import("./called.js").Called[], talk?: Exchange[] }} Run
 * @typedef {{ message: string, answer: string }} Exchange a message of a chat, with its answer once it has one
 * @typedef {{ step: string, path: string, attempt: number, try: number, offset: number, text: string }} Delta
 * @typedef {{ attempt: number, try: number, path: string, text: string, length: number }} Stream
 */
import { leaves } from "./document.js";

export const ENDED = new Set(["succeeded", "partly_succeeded", "failed", "cancelled"]);

/** @param {Run | null | undefined} run */
export const isGoing = (run) => !!run && !!run.id && !ENDED.has(run.status);

/** @type {Record<string, string>} */
const WORDS = {
  queued: "Queued",
  running: "Running",
  waiting: "Waiting",
  asking: "Waits for a decision",
  succeeded: "Succeeded",
  partly_succeeded: "Partly succeeded",
  failed: "Failed",
  cancelled: "Stopped",
  done: "Done",
  skipped: "Skipped",
};

/** @param {string} status */
export const statusWord = (status) => WORDS[status] ?? status;

const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hour12: false });
const dayAndClock = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });

/** Whom a step waits for, and how long: “Waits for Procurement until 14:00”. @param {StepRun | undefined} step @param {number} now milliseconds */
export function waitsFor(step, now) {
  if (step?.status !== "asking" || !step.asked) return "";
  const whom = `Waits for ${step.asked.waits_for || "a decision"}`;
  if (!step.asked.deadline) return whom;
  const until = new Date(step.asked.deadline * 1000);
  const today = until.toDateString() === new Date(now).toDateString();
  return `${whom} until ${(today ? clock : dayAndClock).format(until)}`;
}

/** The streams after some more text arrived; a new attempt or try starts the step's text again. @param {Record<string, Stream>} streams @param {Delta[]} deltas */
export function heard(streams, deltas) {
  const next = { ...streams };
  for (const delta of deltas) {
    const known = next[delta.step];
    const same = known && known.attempt === delta.attempt && known.try === delta.try && known.path === delta.path;
    if (known && !same && (delta.attempt < known.attempt || (delta.attempt === known.attempt && delta.try < known.try))) continue;
    const text = same ? joined(known, delta) : delta.text;
    next[delta.step] = { attempt: delta.attempt, try: delta.try, path: delta.path, text, length: same ? Math.max(known.length, delta.offset + points(delta.text)) : delta.offset + points(delta.text) };
  }
  return next;
}

/** Offsets count characters as Python does (code points), so that emoji do not shift what follows. @param {Stream} known @param {Delta} delta */
function joined(known, delta) {
  if (delta.offset === known.length) return known.text + delta.text;
  if (delta.offset > known.length) return `${known.text}…${delta.text}`;
  const before = Array.from(known.text);
  const added = Array.from(delta.text);
  return [...before.slice(0, delta.offset), ...added, ...before.slice(delta.offset + added.length)].join("");
}

/** @param {string} text */
const points = (text) => Array.from(text).length;

/** A duration in words: “0.4 s”, “12 s”, “2 min 5 s”. @param {number | null | undefined} seconds */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 0.1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** How long a step took, or takes so far. @param {StepRun | undefined} step @param {number} now milliseconds */
export function secondsOf(step, now) {
  if (!step) return null;
  if (step.seconds !== null && step.seconds !== undefined) return step.seconds;
  if (step.status !== "running" || !step.started) return null;
  return Math.max(0, now / 1000 - step.started);
}

/** How an edge went: taken, on its way, not taken; null without a run. @param {Run | null} run @param {import("./document.js").Edge} edge @returns {"taken" | "flowing" | "idle" | null} */
export function edgeStatus(run, edge) {
  if (!run?.id) return null;
  const { step, exit } = leaves(edge.from);
  const source = run.steps[step];
  if (source?.status !== "done" && source?.status !== "failed") return "idle";
  if ((source.exit ?? (source.status === "failed" ? "error" : "done")) !== exit) return "idle";
  const target = run.steps[edge.to]?.status;
  return target === "running" ? "flowing" : target && target !== "skipped" ? "taken" : target === "skipped" ? "idle" : "taken";
}

/** Tokens and cost in one line. @param {any} usage */
export function usageWords(usage) {
  if (!usage || typeof usage !== "object") return "";
  const tokens = usage.total_tokens ?? (usage.tokens_in ?? usage.input_tokens ?? usage.prompt_tokens ?? 0) + (usage.tokens_out ?? usage.output_tokens ?? usage.completion_tokens ?? 0);
  const cost = Number(usage.cost ?? 0);
  return [tokens ? `${tokens.toLocaleString("en")} tokens` : "", cost ? `$${cost.toFixed(cost < 0.01 ? 4 : 2)}` : ""].filter(Boolean).join(" · ");
}

/** What was said in the conversation a run is the last message of, with the answer it gave. @param {Run | null | undefined} run @returns {Exchange[]} */
export function talkOf(run) {
  const talk = run?.talk ?? [];
  const last = talk.at(-1);
  return last ? [...talk.slice(0, -1), { message: last.message, answer: answerOf(run?.outputs) || last.answer }] : [];
}

/** What a chat answers: its output `answer`, or the only one. @param {any} outputs */
function answerOf(outputs) {
  const values = Object.values(outputs ?? {});
  const answer = outputs?.answer ?? (values.length === 1 ? values[0] : "");
  return typeof answer === "string" ? answer : "";
}

/** The sentence of an error, whichever form it has. @param {any} error @returns {{ sentence: string, hint: string, step: string | null } | null} */
export function errorOf(error) {
  if (!error) return null;
  if (typeof error === "string") return { sentence: error, hint: "", step: null };
  return { sentence: error.sentence ?? error.message ?? error.code ?? "It failed.", hint: error.hint ?? "", step: error.step ?? null };
}

/** Whether a value is a file: a small object with just these names. What only looks like one, as a step may make it, would lead elsewhere or break the page. @param {any} value */
export const isFile = (value) =>
  !!value && typeof value === "object" && Object.keys(value).length === 5 && /^file_\w+$/.test(value.id) && ["id", "name", "type", "sha256"].every((name) => typeof value[name] === "string") && Number.isInteger(value.size);

/** How a value is shown: running text, a table of names, a list, files, or JSON. @param {any} value @returns {"nothing" | "text" | "pairs" | "list" | "table" | "rows" | "files" | "json"} */
export function showsAs(value) {
  if (value === null || value === undefined || value === "") return "nothing";
  if (typeof value !== "object") return "text";
  if (isFile(value) || (Array.isArray(value) && value.length && value.every(isFile))) return "files";
  if (Array.isArray(value)) {
    if (value.length && value.every((each) => typeof each !== "object")) return "list";
    if (columnsOf(value)) return "table";
    return value.length && value.length <= 20 && value.every((each) => each && typeof each === "object" && !Array.isArray(each)) ? "rows" : "json";
  }
  return Object.keys(value).length ? "pairs" : "nothing";
}

/** Columns a person can still take in, rows a page can still hold, characters that still fit a cell. */
const WIDE = 8;
const TALL = 500;
const CELL = 200;

/** The columns of a list of flat objects with short values, in the order they first appear; null when the list is none. @param {any} value @returns {string[] | null} */
export function columnsOf(value) {
  if (!Array.isArray(value) || !value.length || value.length > TALL) return null;
  const names = new Set();
  for (const row of value) {
    if (!row || typeof row !== "object" || Array.isArray(row) || Object.values(row).some((cell) => (typeof cell === "string" ? cell.length > CELL : cell && typeof cell === "object"))) return null;
    for (const name of Object.keys(row)) names.add(name);
  }
  return names.size && names.size <= WIDE ? [...names] : null;
}

const MARKS = /^(#{1,6} |\s*[-*•] |\s*\d+[.)] |\s*```)|\*\*\S/m;

/** Whether a text is written with marks (bold, lists, headings), as models do. @param {string} text */
export const isMarked = (text) => MARKS.test(text);

/** Whether a text is shown folded at first. @param {string} text */
export const isLong = (text) => text.length > 1500 || text.split("\n").length > 24;

/** How far a container of a run is; nothing where it was only given or never began. @param {StepRun | undefined} step */
export function itemsOf(step) {
  const none = !step?.items || step.items.done + step.items.failed === 0;
  return step?.origin || (none && step?.status !== "running" && step?.status !== "done") ? "" : itemWords(step?.items, step?.status !== "running");
}

/** What a step looks like: one that failed while the run went on is marked as such. @param {StepRun} step */
export const shownStatus = (step) => (step.handled ? "partly_succeeded" : step.status);

/** How far a container is: “38 of 40 done, 2 failed”; a loop that goes on: “3 of at most 10 rounds”. @param {Items | null | undefined} items @param {boolean} [over] whether it has ended */
export function itemWords(items, over = true) {
  if (!items) return "";
  const { kind, done, failed, of } = items;
  const count = (/** @type {number} */ each) => each.toLocaleString("en");
  const rounds = (/** @type {number} */ each) => `${count(each)} ${each === 1 ? "round" : "rounds"}`;
  const all = kind === "round" ? (of === null || over ? rounds(done) : `${count(done)} of at most ${rounds(of)}`) : of === null || of === done ? `${count(done)} done` : `${count(done)} of ${count(of)} done`;
  return failed ? `${all}, ${count(failed)} failed` : all;
}

/** An item or a round as people count them: `each[3]` → “Item 4”; `loop[0]/each[3]` → “Round 1 › Item 4”. @param {string} path @param {(step: string) => string} kindOf `repeat` for a loop */
export function pathWords(path, kindOf) {
  const part = (/** @type {string} */ text) => {
    const [, step = text, at] = /^(.*)\[(\d+)\]$/.exec(text) ?? [];
    return at === undefined ? step : `${kindOf(step) === "repeat" ? "Round" : "Item"} ${(Number(at) + 1).toLocaleString("en")}`;
  };
  return path.split("/").filter(Boolean).map(part).join(" › ");
}

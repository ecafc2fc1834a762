// Running: the form made from the start step, then what happened and what came out.
import { useContext, useEffect, useRef, useState } from "react";
import { calledBy } from "../core/called.js";
import { checked, filledIn, initial, inputsOf, isBrought } from "../core/form.js";
import { titleOf } from "../core/document.js";
import { around, holderOf } from "../core/containers.js";
import { ENDED, duration, errorOf, isGoing, itemsOf, secondsOf, shownStatus, statusWord, talkOf, usageWords, waitsFor } from "../core/run.js";
import { only, readingOrder } from "../core/selection.js";
import { CalledSteps, InnerStep } from "../panel/Called.jsx";
import { Failure } from "./Failure.jsx";
import { Icon, IconButton } from "./icons.jsx";
import { Copy, FilesContext, Shown } from "./Value.jsx";
import { useEditor, usePart } from "./useEditor.js";

/** @typedef {import("../core/form.js").Input} Input */

/** @typedef {(inputs: Record<string, any>, fresh: boolean, pinned: boolean) => void} OnRun */

/** @param {{ onRun: OnRun, onFillIn?: () => void, onStop: () => void, reads: import("../core/editor.js").Reads }} props */
export function RunPanel({ onRun, onFillIn, onStop, reads }) {
  const editor = useEditor();
  const run = usePart((state) => state.run);
  const form = usePart((state) => state.overlay?.kind === "run" && state.overlay.form) && !isGoing(run);
  const inner = usePart((state) => (state.overlay?.kind === "run" ? state.overlay.inner : undefined));
  const close = () => editor.set({ overlay: null });
  return (
    <section className="gc-panel" aria-label="Run">
      <header className="gc-panel__head">
        <span className="gc-step__icon gc-kind--flow"><Icon name="play" size={18} /></span>
        <h2 className="gl-grow">Run</h2>
        <IconButton icon="x" label="Close" onClick={close} />
      </header>
      <div className="gc-panel__body">
        {form ? <RunForm onRun={onRun} onFillIn={onFillIn} /> : inner && run ? <InnerStep key={`${inner.path}/${inner.step}`} inner={inner} reads={reads} /> : <RunView onAgain={(fresh) => editor.set({ overlay: { kind: "run", form: true, fresh } })} onStop={onStop} />}
      </div>
    </section>
  );
}

/** @param {{ onRun: OnRun, onFillIn?: () => void }} props */
function RunForm({ onRun, onFillIn }) {
  const document = usePart((state) => state.sync.document);
  const errors = usePart((state) => (state.check?.problems ?? []).filter((problem) => problem.severity !== "warning").length);
  const editor = useEditor();
  const inputs = inputsOf(document);
  const key = `greenlane.inputs.${document.name}`;
  const fresh = usePart((state) => state.overlay?.kind === "run" && !!state.overlay.fresh);
  const talk = talkOf(usePart((state) => state.run));
  const goesOn = talk.length > 0 && !fresh;
  const [entered, setEntered] = useState(() => initial(inputs, goesOn ? { ...remembered(key), message: "" } : remembered(key)));
  const [wrong, setWrong] = useState(/** @type {Record<string, string>} */ ({}));
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const sample = usePart((state) => state.sample);
  const filled = usePart((state) => state.filled);
  const [taken, setTaken] = useState(filled?.n);
  const pins = usePart((state) => (isChat(state.sync.document) ? 0 : (state.tried.pins ?? []).filter((id) => state.sync.document.meaning.steps[id]).length));
  const [pinned, setPinned] = useState(true);
  useEffect(() => {
    if (!filled || taken === filled.n) return;
    setTaken(filled.n);
    setEntered((before) => ({ ...before, ...filledIn(inputs, filled.inputs) }));
    setWrong({});
    form.current?.querySelector(/** @type {"button"} */ ("button[type=submit]"))?.focus();
  }, [filled]);
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches) form.current?.querySelector(/** @type {"input"} */ ("input, textarea, select, button[type=submit]"))?.focus();
  }, []);
  const send = (/** @type {import("react").FormEvent} */ event) => {
    event.preventDefault();
    const result = checked(inputs, entered);
    setWrong(result.wrong);
    const first = Object.keys(result.wrong)[0];
    if (first) return window.document.getElementById(`gc-input-${first}`)?.focus();
    remember(key, entered);
    onRun(result.inputs, fresh, pins > 0 && pinned);
  };
  return (
    <form ref={form} className="gl-fields gc-run-form" onSubmit={send} noValidate>
      {errors > 0 && (
        <button type="button" className="gl-notice gl-status gl-tone--amber gc-link-notice" onClick={() => editor.set({ overlay: { kind: "problems" } })}>
          <Icon name="circle-alert" /><span>{errors === 1 ? "One problem" : `${errors} problems`} may stop this run. Show {errors === 1 ? "it" : "them"}</span>
        </button>
      )}
      {!inputs.length && <p className="gl-muted">This workflow asks for nothing. Inputs are added in its start step.</p>}
      {sample && onFillIn && (
        <button type="button" className="gl-button gl-button--small gc-fill-in" onClick={onFillIn}><Icon name="wand" />Fill in the example</button>
      )}
      {goesOn && <Talk exchanges={talk} />}
      {inputs.map((input) => <Asked key={`${input.name} ${taken ?? ""}`} input={input} value={entered[input.name]} problem={wrong[input.name]} onChange={(value) => setEntered((before) => ({ ...before, [input.name]: value }))} />)}
      {pins > 0 && (
        <label className="gl-toggle"><input type="checkbox" role="switch" checked={pinned} onChange={(event) => setPinned(event.target.checked)} />
          <span className="gl-stack gl-tighter"><span className="gl-strong">Use pins</span><span className="gl-help">{pins === 1 ? "One pinned step gives" : `${pins} pinned steps give`} what is pinned, instead of running.</span></span></label>
      )}
      <button type="submit" className="gl-button gl-button--primary gl-button--wide"><Icon name="play" />{goesOn ? "Send" : "Run"}</button>
    </form>
  );
}

/** `test` is for what is kept with the workflow: files belong to runs. @param {{ input: Input, value: any, problem: string | undefined, onChange: (value: any) => void, test?: boolean }} props */
export function Asked({ input, value, problem, onChange, test = false }) {
  const around = useContext(FilesContext);
  const files = test ? null : around;
  const id = `gc-input-${input.name}`;
  const common = { id, "aria-invalid": problem ? true : undefined, "aria-describedby": `${id}-help` };
  const typed = (/** @type {{ target: { value: string } }} */ event) => onChange(event.target.value);
  if (input.kind === "yes_no") {
    return <div className="gl-field"><label className="gl-toggle"><input type="checkbox" role="switch" {...common} checked={value === true} onChange={(event) => onChange(event.target.checked)} /><span className="gl-strong">{input.label}</span></label><Below id={id} input={input} problem={problem} /></div>;
  }
  let control = <input className="gl-input" {...common} value={value ?? ""} onChange={typed} type={{ number: "text", date: "date" }[input.kind] ?? "text"} inputMode={input.kind === "number" ? "decimal" : undefined} />;
  if (["paragraph", "list", "json"].includes(input.kind)) control = <textarea className={`gl-input ${input.kind === "json" ? "gl-input--mono" : ""}`} {...common} value={value ?? ""} onChange={typed} placeholder={input.kind === "list" ? "One entry per line" : ""} />;
  if (input.kind === "choice") {
    control = <select className="gl-select" {...common} value={value ?? ""} onChange={typed}><option value="">Choose…</option>{input.options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}</select>;
  }
  if (isBrought(input)) control = files ? <files.Bring id={id} many={input.kind === "files"} kinds={input.file_kinds} endings={input.extensions} most={files.largest} given={Array.isArray(value) ? value : []} describedby={`${id}-help`} invalid={!!problem} onChange={onChange} /> : <p className="gl-help" id={id} tabIndex={-1}>A test case cannot hold files.</p>;
  return <div className="gl-field"><label className="gl-label" htmlFor={id}>{input.label}{!input.required && <span className="gl-label__optional">optional</span>}</label>{control}<Below id={id} input={input} problem={problem} /></div>;
}

/** @param {{ id: string, input: Input, problem: string | undefined }} props */
const Below = ({ id, input, problem }) => (
  <span id={`${id}-help`}>{problem ? <span className="gl-error" role="alert"><Icon name="circle-alert" size={14} />{problem}</span> : input.help && <span className="gl-help">{input.help}</span>}</span>
);

/** What was said so far, where a chat is tried. @param {{ exchanges: import("../core/run.js").Exchange[] }} props */
function Talk({ exchanges }) {
  return (
    <ol className="gc-talk" aria-label="Conversation so far">
      {exchanges.map((each, at) => <li key={at}><p className="gc-talk__mine">{each.message}</p>{each.answer && <p className="gc-talk__answer">{each.answer}</p>}</li>)}
    </ol>
  );
}

/** @param {{ onAgain: (fresh: boolean) => void, onStop: () => void }} props */
function RunView({ onAgain, onStop }) {
  const run = usePart((state) => state.run);
  const document = usePart((state) => state.sync.document);
  const problems = usePart((state) => state.check?.problems.length ?? 0);
  const editor = useEditor();
  const labels = finishLabels(document);
  const talk = talkOf(run);
  if (!run) return <div className="gl-row"><span className="gl-spinner" />Starting…</div>;
  const error = errorOf(run.error);
  const failed = error?.step ?? Object.keys(run.steps).find((id) => run.steps[id]?.status === "failed") ?? null;
  const seconds = run.started && run.ended ? run.ended - run.started : null;
  return (
    <div className="gl-stack">
      <div className="gl-row gl-row--apart">
        <span className={`gl-badge gl-status--${run.status}`}><span className="gl-dot" />{statusWord(run.status)}{seconds !== null && ` · ${duration(seconds)}`}</span>
        {ENDED.has(run.status)
          ? <span className="gl-row">
              {talk.length > 0 && <button type="button" className="gl-button gl-button--small gl-button--quiet" onClick={() => onAgain(true)}>New conversation</button>}
              <button type="button" className="gl-button gl-button--small" onClick={() => onAgain(false)}><Icon name="play" />{talk.length ? "Go on" : "Run again"}</button>
            </span>
          : <button type="button" className="gl-button gl-button--small gl-button--danger" onClick={onStop}><Icon name="square" />Stop</button>}
      </div>
      {talk.length > 0 && <Talk exchanges={[...talk.slice(0, -1), { message: talk.at(-1)?.message ?? "", answer: "" }]} />}
      {error && <Failure error={error} step={failed} />}
      {run.id.startsWith("refused-") && problems > 0 && <button type="button" className="gl-button gl-button--small gc-raw" onClick={() => editor.set({ overlay: { kind: "problems" } })}>Show {problems === 1 ? "the problem" : "all problems"}</button>}
      {ENDED.has(run.status) && run.outputs && <div className="gc-result"><h3 className="gl-eyebrow">Result <Copy value={run.outputs} /></h3><Shown value={run.outputs} labels={labels} /></div>}
      <Trail />
    </div>
  );
}

/** Every step of the run in the order it happened, with what the models say while they say it. */
function Trail() {
  const editor = useEditor();
  const run = usePart((state) => state.run);
  const streams = usePart((state) => state.streams);
  const document = usePart((state) => state.sync.document);
  const types = usePart((state) => state.types);
  const order = readingOrder(document);
  const steps = inTurn(document, run?.steps ?? {}, order);
  return (
    <ol className="gc-trail" hidden={!steps.length}>
      {steps.map(([id, step]) => (
        <li key={id} style={{ paddingLeft: `${around(document, id).length}rem` }}>
          <button type="button" className={`gc-trail__step gl-status gl-status--${shownStatus(step)}`} onClick={() => { editor.set({ overlay: null, tab: "run" }); editor.select(only(id)); }}>
            <span className="gl-dot" /><span className="gl-grow gl-clip">{titleOf(document, id, types)}</span>
            <span className="gl-faint gl-clip">{[step.origin, itemsOf(step), (step.tries ?? 1) > 1 ? `${step.tries} tries` : "", step.handled ? "failed, went on" : "", step.usage?.model, usageWords(step.usage)].filter(Boolean).join(" · ")}</span><span className="gl-number gl-muted">{step.status === "skipped" ? "Skipped" : step.origin ? "" : duration(secondsOf(step, Date.now()))}</span>
          </button>
          {step.status === "asking" && <p className="gc-trail__asks">{waitsFor(step, Date.now())}{step.asked?.title && `: ${step.asked.title}`}</p>}
          {step.status === "running" && streams[id]?.text && <div className="gc-text gc-text--live">{streams[id].text}</div>}
          <CalledSteps called={run?.called ?? []} view={calledBy(run?.called ?? [], "", id)} />
        </li>
      ))}
    </ol>
  );
}

/** The steps that were reached, by when they began; those inside a container right after it. @param {import("../core/document.js").Document} document @param {Record<string, import("../core/run.js").StepRun>} steps @param {string[]} order @returns {[string, import("../core/run.js").StepRun][]} */
function inTurn(document, steps, order) {
  const reached = Object.entries(steps).filter(([, step]) => step.status !== "waiting").sort(([one, a], [two, b]) => (a.started ?? 1e12) - (b.started ?? 1e12) || order.indexOf(one) - order.indexOf(two));
  /** @type {(outer: string) => [string, import("../core/run.js").StepRun][]} */
  const told = (outer) => reached.filter(([id]) => holderOf(document, id) === outer).flatMap((each) => [each, ...told(each[0])]);
  return told("");
}

/** @param {import("../core/document.js").Document} document */
const isChat = (document) => Object.values(document.meaning.steps).some((step) => step.type === "flow.start" && step.settings.kind === "chat");

/** The words a person gave the results. @param {import("../core/document.js").Document} document */
function finishLabels(document) {
  const finishes = Object.keys(document.meaning.steps).filter((id) => document.meaning.steps[id]?.type === "flow.finish");
  return Object.fromEntries(finishes.flatMap((id) => Object.entries(document.words.steps[id]?.labels ?? {}).map(([name, label]) => [name, label.label])));
}

/** @param {string} key @returns {Record<string, any>} */
function remembered(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {string} key @param {Record<string, any>} entered */
function remember(key, entered) {
  try {
    localStorage.setItem(key, JSON.stringify(entered));
  } catch {
    // A full or forbidden store only means that the form starts empty next time.
  }
}

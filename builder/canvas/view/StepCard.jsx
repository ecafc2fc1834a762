// One step on the canvas: what it is, how it went, what is wrong with it, and where it leads.
import { memo, useEffect, useRef, useState } from "react";
import { Handle, Position, useUpdateNodeInternals } from "@xyflow/react";
import { titleOf } from "../core/document.js";
import { gist } from "../core/gist.js";
import { stepsAfter } from "../core/graph.js";
import { duration, secondsOf, shownStatus, statusWord, waitsFor } from "../core/run.js";
import { Icon } from "./icons.jsx";
import { alike, useEditor, usePart } from "./useEditor.js";

/** @typedef {{ id: string, selected?: boolean }} Props */
/** @typedef {NonNullable<ReturnType<typeof useCard>>} Card */

/** What every card shows, container or not; null for a step that is gone. @param {string} id @param {boolean | undefined} selected */
export function useCard(id, selected) {
  const editor = useEditor();
  const step = usePart((state) => state.sync.document.meaning.steps[id]);
  const type = usePart((state) => state.types.get(step?.type ?? ""));
  const title = usePart((state) => titleOf(state.sync.document, id, state.types));
  const exits = usePart(() => editor.exitsOf(id), alike);
  const run = usePart((state) => (state.run?.steps[id]?.status === "waiting" ? undefined : state.run?.steps[id]));
  const mark = usePart((state) => state.marks?.steps[id]);
  const updateInternals = useUpdateNodeInternals();
  const ways = exits.map((exit) => exit.id).join();
  const measured = useRef(ways);
  useEffect(() => {
    if (measured.current === ways) return; // a new card is measured by React Flow itself, all new ones at once
    measured.current = ways;
    updateInternals(id);
  }, [id, ways, updateInternals]);
  if (!step) return null;
  const broken = !type || !!type.broken;
  const stand = step.type === PLACEHOLDER;
  const names = ["gc-step", run && `gl-status gl-status--${shownStatus(run)}`, selected && "gc-step--selected", broken && "gc-step--broken", stand && "gc-step--placeholder", mark && `gc-step--${mark}`].filter(Boolean).join(" ");
  return { step, type, title, exits, run, mark, broken, names };
}

/** A step of a kind that has no counterpart here, kept with its settings. */
const PLACEHOLDER = "flow.placeholder";

export const StepCard = memo((/** @type {Props} */ { id, selected }) => {
  const card = useCard(id, selected);
  const stream = usePart((state) => (state.run?.steps[id]?.status === "running" ? (state.streams[id]?.text ?? "") : ""));
  if (!card) return null;
  return (
    <div className={card.names} data-step={id} data-status={card.run?.status}>
      {card.step.type !== "flow.start" && <Handle type="target" position={Position.Left} className="gc-port gc-port--in" />}
      <StepHead id={id} card={card}>{card.type?.container === "call" && <LookInside step={card.step} />}</StepHead>
      {card.run?.status === "asking" && <div className="gc-step__asks"><Icon name="hand" size={12} /><span>{waitsFor(card.run, Date.now())}</span></div>}
      {stream && <div className="gc-step__stream" aria-hidden><span>{stream.slice(-240)}</span></div>}
      <Exits id={id} exits={card.exits} />
    </div>
  );
});

/** A look into the workflow a step calls, for whoever may see that. @param {{ step: import("../core/document.js").Step }} props */
function LookInside({ step }) {
  const editor = useEditor();
  const { name = "", content = "" } = step.settings.workflow ?? {};
  const known = usePart((state) => state.workflows.find((each) => each.name === name));
  if (!known || !content) return null;
  return (
    <button type="button" className="gc-frame__add nodrag nopan" aria-label={`Look inside “${known.title}”`} title={`Look inside “${known.title}”`} onClick={(event) => { event.stopPropagation(); editor.line.lookInside?.(name, content); }}><Icon name="eye" size={14} /></button>
  );
}

/** Icon, title and what it does, problems, how the run went. @param {{ id: string, card: Card, children?: import("react").ReactNode }} props */
export function StepHead({ id, card: { step, type, title, run, mark, broken }, children }) {
  const editor = useEditor();
  const note = usePart((state) => state.sync.document.words.steps[id]?.note ?? "");
  const about = usePart((state) => (type && state.sync.document.meaning.steps[id] ? gist(state.sync.document, id, type, state.workflows) : ""));
  const wrong = usePart((state) => worst(state, id), alike);
  const renaming = usePart((state) => state.renaming === id);
  const pinned = usePart((state) => (state.tried.pins ?? []).includes(id));
  const stands = step.type === PLACEHOLDER && `Stands for ${step.settings.what || "something else"}`;
  return (
    <div className="gc-step__head">
      <span className={`gc-step__icon gc-kind--${type?.category?.toLowerCase() ?? "none"}`}>
        <Icon name={broken ? "alert-triangle" : (type?.icon ?? "box")} size={18} />
      </span>
      <span className="gc-step__words">
        {renaming ? <TitleInput id={id} title={title} /> : (
          <span className="gc-step__title gl-clip" onDoubleClick={(event) => { event.stopPropagation(); editor.set({ renaming: editor.state.readonly ? null : id }); }}>{title}</span>
        )}
        <span className="gc-step__type gl-clip">{broken ? "Step type is missing" : stands || (title.startsWith(type?.label ?? "") || type?.container === "call" ? note || about : type?.label)}</span>
      </span>
      {children}
      {pinned && <span className="gc-pin" title="Pinned: runs with pins take its output from here"><Icon name="pin" size={12} /><span className="gl-hidden">Pinned</span></span>}
      {wrong.count > 0 && (
        <button type="button" className={`gc-step__problems gl-status gl-tone--${wrong.errors ? "red" : "amber"} nodrag`} title={wrong.sentence}
          aria-label={`${wrong.count} ${wrong.count === 1 ? "problem" : "problems"}: ${wrong.sentence}`} onClick={(event) => { event.stopPropagation(); editor.goTo(id, wrong.field); }}>
          {wrong.count}
        </button>
      )}
      {mark && <span className={`gl-badge gc-changed gc-changed--${mark}`}>{mark === "added" ? "new" : mark === "removed" ? "gone" : "changed"}</span>}
      {run && <StatusMark run={run} />}
    </div>
  );
}

/** The ways out: one dot, or a list where there are several or one has a name. @param {{ id: string, exits: import("../core/document.js").Exit[] }} props */
export function Exits({ id, exits }) {
  if (exits.length < 2 && !exits[0]?.label) return exits[0] ? <ExitPort id={id} exit={exits[0].id} name="" /> : null;
  return (
    <ul className="gc-exits">
      {exits.map((exit) => (
        <li key={exit.id} className={exit.id === "error" ? "gc-exit gc-exit--error" : "gc-exit"}>
          <span className="gl-clip">{exit.label || statusWord(exit.id)}</span>
          <ExitPort id={id} exit={exit.id} name={exit.label || exit.id} />
        </li>
      ))}
    </ul>
  );
}

/** @param {import("../core/editor.js").State} state @param {string} id */
function worst(state, id) {
  const all = (state.check?.problems ?? []).filter((problem) => problem.step === id);
  const errors = all.filter((problem) => problem.severity !== "warning");
  const first = errors[0] ?? all[0];
  return { count: all.length, errors: errors.length, sentence: first?.sentence ?? "", field: first?.field ?? null };
}

/** The dot an edge starts from; while nothing follows, a “+” beside it adds the next step. @param {{ id: string, exit: string, name: string }} props */
function ExitPort({ id, exit, name }) {
  const editor = useEditor();
  const open = usePart((state) => !state.readonly && !stepsAfter(state.sync.document, id, exit).length);
  return (
    <>
      <Handle type="source" id={exit} position={Position.Right} className="gc-port gc-port--out" />
      {open && (
        <button type="button" className="gc-plus nodrag nopan" aria-label={name ? `Add a step after “${name}”` : "Add the next step"} title="Add the next step"
          onClick={(event) => { event.stopPropagation(); editor.set({ overlay: { kind: "palette", where: { after: { step: id, exit } } } }); }}>
          <Icon name="plus" size={14} />
        </button>
      )}
    </>
  );
}

/** @type {Record<string, string>} */
const ORIGINS = { given: "given by the earlier run", pinned: "pinned" };

/** @param {{ run: import("../core/run.js").StepRun }} props */
function StatusMark({ run }) {
  const [now, setNow] = useState(() => Date.now());
  const running = run.status === "running";
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, [running]);
  const icon = { done: run.handled ? "circle-alert" : "check", failed: "x", running: "loader", asking: "hand", skipped: "minus", waiting: "clock", cancelled: "square" }[run.status];
  const time = run.origin || duration(secondsOf(run, now));
  return (
    <span className="gc-mark" title={[run.handled ? "Failed, and went on" : statusWord(run.status), run.origin ? ORIGINS[run.origin] : "", time].filter(Boolean).join(" · ")}>
      {time && <span className="gc-mark__time">{time}</span>}
      <span className={`gc-mark__dot ${running ? "gc-turning" : ""}`}><Icon name={icon ?? "clock"} size={12} /></span>
      <span className="gl-hidden">{statusWord(run.status)}</span>
    </span>
  );
}

/** @param {{ id: string, title: string }} props */
function TitleInput({ id, title }) {
  const editor = useEditor();
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => { input.current?.select(); }, []);
  const finish = (/** @type {boolean} */ keep) => {
    const next = input.current?.value.trim() ?? "";
    editor.set({ renaming: null });
    if (keep && next !== title) editor.do([{ edit: "rename", id, title: next }]);
    input.current?.closest(/** @type {any} */ (".gc-stage"))?.focus?.({ preventScroll: true });
  };
  return (
    <input ref={input} className="gc-step__rename nodrag" defaultValue={title} maxLength={200} aria-label="Title of the step"
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") finish(true);
        if (event.key === "Escape") finish(false);
      }} />
  );
}

// What a step did in the last run: what went in, what came out, what it cost, why it failed.
import { useEffect } from "react";
import { calledBy } from "../core/called.js";
import { holderOf } from "../core/containers.js";
import { duration, secondsOf, shownStatus, statusWord, usageWords, waitsFor } from "../core/run.js";
import { only } from "../core/selection.js";
import { Icon } from "../view/icons.jsx";
import { useEditor, usePart } from "../view/useEditor.js";
import { CalledSteps } from "./Called.jsx";
import { Items, nameOf } from "./Items.jsx";
import { Told } from "./Told.jsx";
import { TryOut } from "./TryOut.jsx";

/** @type {Record<string, string>} */
const WHY = { failed: "the run failed before it", cancelled: "the run was stopped before it" };

/** Inside a container it is told of one item: the one that was opened, else the last. @param {{ id: string, reads: import("../core/editor.js").Reads, tries: import("../core/editor.js").Tries }} props */
export function LastRun({ id, reads, tries }) {
  const editor = useEditor();
  const run = usePart((state) => state.run);
  const at = usePart((state) => state.at);
  const item = usePart((state) => (state.item?.run === state.run?.id && state.item?.path === state.at ? state.item : null));
  const last = run?.steps[id];
  const inspected = usePart((state) => (state.inspected?.step === id && state.inspected?.run === state.run?.id && (!at || state.inspected.path === at) ? state.inspected : null));
  const step = at && last ? { ...last, ...(inspected?.shown ?? { status: "done", error: null, seconds: null, usage: null, handled: false }) } : last;
  const called = (at ? item?.called : run?.called) ?? [];
  const live = usePart((state) => state.streams[id]?.text ?? "");
  const names = usePart((state) => state.types.get(state.sync.document.meaning.steps[id]?.type ?? "")?.outputs);
  const status = step?.status;
  useEffect(() => {
    if (run?.id && status && status !== "waiting" && status !== "running") reads.inspect(id, at);
  }, [run?.id, status, id, at]);

  const tryOut = <TryOut id={id} tries={tries} />;
  if (!run) return <div className="gl-stack">{tryOut}<p className="gl-muted">Run the workflow, and what this step did appears here.</p></div>;
  if (!step || step.status === "waiting") return <div className="gl-stack"><Back />{tryOut}<p className="gl-muted">This step has not been reached in the last run.</p></div>;
  if (step.status === "skipped") return <div className="gl-stack"><Back />{tryOut}<p className="gl-muted">This step was skipped: {WHY[run.status] ?? "the run took another way"}.</p></div>;
  const facts = [step.origin ? "" : duration(secondsOf(step, Date.now())), usageWords(inspected?.usage ?? step.usage), (step.attempt ?? 1) > 1 ? `attempt ${step.attempt}` : "", (step.tries ?? 1) > 1 ? `${step.tries} tries` : "", step.origin ?? ""].filter(Boolean).join(" · ");
  const place = at || (step.path ?? "");
  const outer = holderOf(editor.document, id);
  const back = () => { // from a step in an item to the item with all its steps
    const around = place.includes("/") ? place.slice(0, place.lastIndexOf("/")) : "";
    editor.select(only(outer));
    editor.set({ at: around, opened: place, tab: "run", panel: true });
    if (run.id) reads.item({ run: run.id, path: place });
  };
  return (
    <div className="gl-stack">
      <div className="gl-row"><span className={`gl-badge gl-status--${shownStatus(step)}`}><span className="gl-dot" />{step.handled ? "Failed, went on" : statusWord(step.status)}</span><span className="gl-muted gl-small gl-grow">{facts}</span><Back /></div>
      {tryOut}
      {step.status === "asking" && <p>{waitsFor(step, Date.now())}.</p>}
      {place && <p className="gl-row gl-none gl-muted gl-small">{at ? "" : "The last that came here: "}<button type="button" className="gl-button gl-button--small gl-button--quiet gc-back" onClick={back}><Icon name="arrow-left" />{nameOf(editor, place)}</button></p>}
      <Told step={step} inspected={inspected} names={names} live={live}>
        {last?.items && !last.origin && <Items id={id} around={at || (last.path ?? "")} reads={reads} />}
        <CalledSteps called={called} view={calledBy(called, "", id)} />
      </Told>
    </div>
  );
}

/** From one step back to the run as a whole. */
function Back() {
  const editor = useEditor();
  return <span className="gc-whole"><button type="button" className="gl-button gl-button--small gl-button--quiet gc-back" onClick={() => editor.set({ overlay: { kind: "run", form: false } })}><Icon name="arrow-left" />Whole run</button></span>;
}

// The steps of a workflow that was called: under the step that calls it, and one of them opened.
import { useEffect } from "react";
import { calledBy, calledName, innerTitle, rowsOf } from "../core/called.js";
import { duration, itemsOf, secondsOf, shownStatus, statusWord, usageWords, waitsFor } from "../core/run.js";
import { Icon } from "../view/icons.jsx";
import { useEditor, usePart } from "../view/useEditor.js";
import { Told } from "./Told.jsx";

/** @typedef {import("../core/called.js").Called} View */

/** @param {{ called: View[], view: View | undefined }} props */
export function CalledSteps({ called, view }) {
  const editor = useEditor();
  const types = usePart((state) => state.types);
  if (!view) return null;
  if (!view.seen) return <p className="gc-called gl-muted gl-small">The steps of “{view.name}” are for those who may see that workflow.</p>;
  return (
    <section className="gc-called" aria-label={`Steps of ${view.title || view.name}`}>
      <p className="gl-faint gl-small gl-clip">{calledName(view)}</p>
      <ol>
        {rowsOf(called, view).map(({ key, depth, step, place }) => {
          const inner = calledBy(called, place, step.step);
          const title = innerTitle(step, types);
          const open = () => editor.set({ overlay: { kind: "run", form: false, inner: { step: step.step, path: step.path || place, title } } });
          return (
            <li key={key} style={{ paddingLeft: `${depth}rem` }}>
              <button type="button" className={`gc-trail__step gl-status gl-status--${shownStatus(step)}`} onClick={open}>
                <span className="gl-dot" /><span className="gl-grow gl-clip">{title}</span>
                <span className="gl-faint gl-clip">{[inner ? calledName(inner) : "", itemsOf(step), (step.tries ?? 1) > 1 ? `${step.tries} tries` : "", step.handled ? "failed, went on" : "", usageWords(step.usage)].filter(Boolean).join(" · ")}</span>
                <span className="gl-number gl-muted">{duration(secondsOf(step, Date.now()))}</span>
              </button>
              {step.status === "asking" && <p className="gc-trail__asks">{waitsFor(step, Date.now())}</p>}
              {inner && !inner.seen && <CalledSteps called={called} view={inner} />}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** One step of a called workflow as it went; it stands on no canvas that is open. @param {{ inner: import("../core/editor.js").Inner, reads: import("../core/editor.js").Reads }} props */
export function InnerStep({ inner, reads }) {
  const editor = useEditor();
  const inspected = usePart((state) => (state.inspected?.step === inner.step && state.inspected?.path === inner.path && state.inspected?.run === state.run?.id ? state.inspected : null));
  const status = usePart((state) => state.run?.called?.find((view) => inner.path.startsWith(view.place))?.steps.find((step) => step.step === inner.step)?.status);
  useEffect(() => { reads.inspect(inner.step, inner.path); }, [inner.step, inner.path, status]);
  const step = inspected?.shown;
  return (
    <div className="gl-stack">
      <div className="gl-row">
        <h3 className="gl-grow gl-clip">{inner.title}</h3>
        <button type="button" className="gl-button gl-button--small gl-button--quiet gc-back" onClick={() => editor.set({ overlay: { kind: "run", form: false } })}><Icon name="arrow-left" />Whole run</button>
      </div>
      {!step && <span className="gl-skeleton" />}
      {step && (
        <>
          <div className="gl-row"><span className={`gl-badge gl-status--${shownStatus(step)}`}><span className="gl-dot" />{step.handled ? "Failed, went on" : statusWord(step.status)}</span><span className="gl-muted gl-small">{[duration(secondsOf(step, Date.now())), usageWords(step.usage), itemsOf(step)].filter(Boolean).join(" · ")}</span></div>
          {step.items && <a className="gl-small" href={`/runs/${encodeURIComponent(inspected.run)}`}>{step.items.kind === "round" ? "Round by round" : "Item by item"} on the page of this run</a>}
          <Told step={step} inspected={inspected} />
        </>
      )}
    </div>
  );
}

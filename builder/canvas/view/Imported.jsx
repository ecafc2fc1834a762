// What became of each step of an imported file; what a person has to look at comes first, and each line leads to its step.
import { titleOf } from "../core/document.js";
import { lacking, reportWords } from "../core/imported.js";
import { Icon, IconButton } from "./icons.jsx";
import { useEditor, usePart } from "./useEditor.js";

const MARKS = { placeholder: ["alert-triangle", "amber"], partly: ["circle-alert", "blue"], mapped: ["circle-check", "green"] };

export function Imported() {
  const editor = useEditor();
  const report = usePart((state) => state.imported);
  if (!report) return null;
  const { first, rest, others } = lacking(report);
  return (
    <section className="gc-drawer" aria-label="Import report">
      <header className="gc-drawer__head"><h2>Imported</h2><IconButton icon="x" label="Close" onClick={() => editor.set({ overlay: null })} /></header>
      <p className="gl-muted gc-drawer__none">{reportWords(report)}</p>
      <ul>
        {first.map((each) => <Line key={each.source} taken={each} />)}
        {others.map((problem, index) => (
          <li key={index}><button type="button" className="gc-problem" disabled={!problem.step} onClick={() => problem.step && editor.goTo(problem.step, problem.field)}>
            <span className="gl-status gl-tone--amber gc-problem__icon"><Icon name="alert-triangle" /></span>
            <span className="gc-step__words"><span className="gc-problem__sentence">{problem.sentence}</span>{problem.hint && <span className="gl-help">{problem.hint}</span>}</span>
          </button></li>
        ))}
      </ul>
      {rest.length > 0 && <details className="gc-more gc-imported__rest" open={!first.length && !others.length ? true : undefined}><summary><Icon name="chevron-right" size={14} />{rest.length} {rest.length === 1 ? "step" : "steps"} with the same meaning</summary><ul>{rest.map((each) => <Line key={each.source} taken={each} />)}</ul></details>}
    </section>
  );
}

/** @param {{ taken: import("../core/imported.js").Taken }} props */
function Line({ taken }) {
  const editor = useEditor();
  const title = usePart((state) => titleOf(state.sync.document, taken.step, state.types));
  const there = usePart((state) => !!state.sync.document.meaning.steps[taken.step]);
  const [icon = "circle-check", tone] = MARKS[taken.result] ?? MARKS.mapped;
  return (
    <li>
      <button type="button" className="gc-problem" disabled={!there} onClick={() => editor.goTo(taken.step)}>
        <span className={`gl-status gl-tone--${tone} gc-problem__icon`}><Icon name={icon} /></span>
        <span className="gc-step__words"><span className="gl-strong">{title}</span>{taken.note && <span className="gc-problem__sentence">{taken.note}</span>}</span>
        {there && <Icon name="chevron-right" />}
      </button>
    </li>
  );
}

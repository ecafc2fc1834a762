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
  const { first, rest, others, models } = lacking(report);
  return (
    <section className="gc-drawer" aria-label="Import report">
      <header className="gc-drawer__head"><h2>Imported</h2><IconButton icon="x" label="Close" onClick={() => editor.set({ overlay: null })} /></header>
      <p className="gl-muted gc-drawer__none">{reportWords(report)}</p>
      <ul>
        {first.map((each) => <Line key={each.source} taken={each} />)}
        {others.map((problem, index) => <Told key={index} problem={problem} />)}
      </ul>
      {models.length > 0 && <Fold title={`${models.length} steps asked models of their own`}>{models.map((problem, index) => <Told key={index} problem={problem} />)}</Fold>}
      {rest.length > 0 && <Fold title={`${rest.length} ${rest.length === 1 ? "step" : "steps"} with the same meaning`} open={!first.length && !others.length && !models.length}>{rest.map((each) => <Line key={each.source} taken={each} />)}</Fold>}
    </section>
  );
}

/** @param {{ title: string, open?: boolean, children: import("react").ReactNode }} props */
function Fold({ title, open, children }) {
  return <details className="gc-more gc-imported__rest" open={open || undefined}><summary><Icon name="chevron-right" size={14} />{title}</summary><ul>{children}</ul></details>;
}

/** @param {{ problem: import("../core/document.js").Problem }} props */
function Told({ problem }) {
  const editor = useEditor();
  const step = problem.step ?? null;
  return (
    <li><button type="button" className="gc-problem" disabled={!step} onClick={() => step && editor.goTo(step, problem.field)}>
      <span className="gl-status gl-tone--amber gc-problem__icon"><Icon name="alert-triangle" /></span>
      <span className="gc-step__words"><span className="gc-problem__sentence">{problem.sentence}</span>{problem.hint && <span className="gl-help">{problem.hint}</span>}</span>
      {step && <Icon name="chevron-right" />}
    </button></li>
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

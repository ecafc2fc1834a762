// Data flow: what goes where, and what may not; every line leads to its step.
import { bySink } from "../core/governing.js";
import { titleOf } from "../core/document.js";
import { Icon, IconButton } from "../view/icons.jsx";
import { useEditor, usePart } from "../view/useEditor.js";

const CLASSES = [["public", "Public"], ["internal", "Internal"], ["confidential", "Confidential"], ["restricted", "Restricted"]];
const PLACES = { model: "sparkles", host: "globe", people: "users", audience: "flag" };

export function DataFlow() {
  const editor = useEditor();
  const crossings = usePart((state) => state.check?.crossings ?? NONE);
  const run = usePart((state) => state.sync.document.meaning.run);
  const wrong = crossings.filter((each) => !each.allowed).length;
  return (
    <section className="gc-panel" aria-label="Data flow">
      <header className="gc-panel__head">
        <span className="gc-step__icon gc-kind--none"><Icon name="route" size={18} /></span>
        <h2 className="gl-grow">What goes where</h2>
        <IconButton icon="x" label="Close" onClick={() => editor.set({ overlay: null })} />
      </header>
      <div className="gc-panel__body gl-stack">
        <label className="gl-field"><span className="gl-label">The result is for people cleared for</span>
          <select className="gl-select" value={run.audience_class ?? "internal"} onChange={(event) => editor.do([{ edit: "limit", run: { ...run, audience_class: event.target.value } }])}>
            {CLASSES.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
          </select>
        </label>
        {!crossings.length && <p className="gl-muted">Nothing goes anywhere yet. Once a step hands data to a model, a host or whoever gets the result, you see here what, from where, and whether it may.</p>}
        {crossings.length > 0 && (
          <p className={`gl-notice gl-status gl-tone--${wrong ? "red" : "green"}`}><Icon name={wrong ? "circle-alert" : "circle-check"} />
            <span>{wrong ? `${wrong} ${wrong === 1 ? "flow goes" : "flows go"} where ${wrong === 1 ? "it" : "they"} may not. Add a Guard step before, choose another model, or ask IT.` : "Everything goes only where it may."}</span></p>
        )}
        {bySink(crossings).map((place) => (
          <section key={`${place.kind} ${place.sink}`} className="gc-place">
            <h3 className="gc-place__head"><Icon name={PLACES[/** @type {keyof typeof PLACES} */ (place.kind)] ?? "flag"} /><span className="gl-grow">{place.sink.charAt(0).toUpperCase() + place.sink.slice(1)}</span>
              {place.outside && <span className="gl-badge">outside</span>}
              <span className="gl-faint gl-small">{place.clearance ? `up to ${place.clearance}` : "not cleared"}</span></h3>
            <ul>{place.flows.map((each, index) => <FlowLine key={index} crossing={each} />)}</ul>
          </section>
        ))}
      </div>
    </section>
  );
}

/** @type {import("../core/governing.js").Crossing[]} */
const NONE = [];

/** @param {{ crossing: import("../core/governing.js").Crossing }} props */
function FlowLine({ crossing }) {
  const editor = useEditor();
  const where = usePart((state) => (crossing.step ? `in “${titleOf(state.sync.document, crossing.step, state.types)}”` : "when a run fails"));
  const go = () => (crossing.step ? editor.goTo(crossing.step) : editor.set({ overlay: { kind: "workflow" } }));
  return (
    <li>
      <button type="button" className="gc-flow" title={crossing.sentence} onClick={go}>
        <Icon name={crossing.allowed ? "check" : "circle-alert"} size={14} className={`gl-status gl-tone--${crossing.allowed ? "green" : "red"} gc-flow__mark`} />
        <span className="gc-step__words"><span className="gl-clip">{crossing.source}</span><span className="gl-faint gl-small gl-clip">{where}</span></span>
        <span className={`gl-badge gc-class--${crossing.data_class}`}>{crossing.data_class}</span>
        {crossing.tags.map((tag) => <span key={tag} className="gl-badge">{tag}</span>)}
      </button>
    </li>
  );
}

// Test cases: an input with what has to come out, run against the draft.
import { useState } from "react";
import { asWritten, ONE_SIDED, OPERATORS, outputsOf } from "../core/governing.js";
import { checked, initial, inputsOf } from "../core/form.js";
import { Icon, IconButton } from "../view/icons.jsx";
import { Asked } from "../view/RunPanel.jsx";
import { useEditor, usePart } from "../view/useEditor.js";

/** @typedef {import("../core/governing.js").Case} Case */
/** @typedef {import("../core/governing.js").Expected} Expected */
/** @typedef {{ case: string, title: string, inputs: Record<string, any>, expected: Expected[] }} Saved */

const STATUS = { passed: ["circle-check", "green", "passed"], failed: ["circle-alert", "red", "failed"], not_run: ["clock", "grey", "not run"] };

/** @param {{ onSave: (saved: Saved) => void, onRemove: (id: string) => void, onRunAll: () => void }} props */
export function TestCases({ onSave, onRemove, onRunAll }) {
  const editor = useEditor();
  const cases = usePart((state) => state.cases);
  const busy = usePart((state) => state.testing);
  const [open, setOpen] = useState(/** @type {string | null} */ (null));
  const save = (/** @type {Saved} */ saved) => {
    onSave(saved);
    setOpen(null);
  };
  return (
    <section className="gc-panel" aria-label="Test cases">
      <header className="gc-panel__head">
        <span className="gc-step__icon gc-kind--none"><Icon name="list-checks" size={18} /></span>
        <h2 className="gl-grow">Test cases</h2>
        <IconButton icon="x" label="Close" onClick={() => editor.set({ overlay: null })} />
      </header>
      <div className="gc-panel__body gl-stack">
        {!cases && <p className="gl-row gl-muted"><span className="gl-spinner" />Looking…</p>}
        {cases && !cases.length && open === null && <p className="gl-muted">A test case is an input with what has to come out of it. Before you submit they show that the workflow does what it should; when a model changes they show that it still does.</p>}
        <ul className="gc-cases">
          {cases?.map((each) => (open === each.id
            ? <li key={each.id}><CaseForm known={each} onSave={save} onCancel={() => setOpen(null)} /></li>
            : <CaseRow key={each.id} known={each} onEdit={() => setOpen(each.id)} onRemove={() => onRemove(each.id)} />))}
        </ul>
        {open === "" ? <CaseForm onSave={save} onCancel={() => setOpen(null)} /> : (
          <div className="gl-row">
            <button type="button" className="gl-button gl-button--small" onClick={() => setOpen("")}><Icon name="plus" />Add a test case</button>
            {!!cases?.length && <button type="button" className="gl-button gl-button--small gl-button--primary" disabled={busy} onClick={onRunAll}>{busy ? <span className="gl-spinner" /> : <Icon name="play" />}Run all</button>}
          </div>
        )}
      </div>
    </section>
  );
}

/** @param {{ known: Case, onEdit: () => void, onRemove: () => void }} props */
function CaseRow({ known, onEdit, onRemove }) {
  const [icon = "clock", tone, word] = STATUS[known.status];
  return (
    <li className="gc-case">
      <Icon name={icon} className={`gl-status gl-tone--${tone} gc-flow__mark`} />
      <button type="button" className="gc-step__words gc-case__open" onClick={onEdit}>
        <span className="gl-strong gl-clip">{known.name}<span className="gl-hidden"> ({word})</span></span>
        <span className={`gl-small ${known.status === "failed" ? "gl-error" : "gl-faint"}`}>{known.sentence}</span>
      </button>
      <IconButton icon="trash" label={`Remove “${known.name}”`} onClick={onRemove} />
    </li>
  );
}

/** @param {{ known?: Case, onSave: (saved: Saved) => void, onCancel: () => void }} props */
function CaseForm({ known, onSave, onCancel }) {
  const document = usePart((state) => state.sync.document);
  const inputs = inputsOf(document);
  const outputs = outputsOf(document);
  const [title, setTitle] = useState(known?.name ?? "");
  const [entered, setEntered] = useState(() => initial(inputs, known?.inputs ?? {}));
  const [expected, setExpected] = useState(() => known?.expected ?? [{ output: outputs[0] ?? "answer", operator: "contains", value: "" }]);
  const [wrong, setWrong] = useState(/** @type {Record<string, string>} */ ({}));
  const put = (/** @type {number} */ index, /** @type {Partial<Expected>} */ change) => setExpected(expected.map((each, place) => (place === index ? { ...each, ...change } : each)));
  const send = (/** @type {import("react").FormEvent} */ event) => {
    event.preventDefault();
    const result = checked(inputs, entered);
    setWrong(result.wrong);
    if (!Object.keys(result.wrong).length) onSave({ case: known?.id ?? "", title, inputs: result.inputs, expected });
  };
  return (
    <form className="gl-fields gc-case-form" onSubmit={send}>
      <label className="gl-field"><span className="gl-label">What it shows</span><input className="gl-input" autoFocus required maxLength={100} value={title} placeholder="An angry customer gets a calm answer" onChange={(event) => setTitle(event.target.value)} /></label>
      {inputs.map((input) => <Asked key={input.name} input={input} value={entered[input.name]} problem={wrong[input.name]} test onChange={(value) => setEntered((before) => ({ ...before, [input.name]: value }))} />)}
      <div className="gl-field" role="group" aria-label="What has to come out"><span className="gl-label">What has to come out</span>
        <div className="gc-rows">{expected.map((each, index) => (
          <div key={index} className="gc-row gc-expected">
            <div className="gc-row__head">
              <select className="gl-select gl-input--small" aria-label="Output" value={each.output} onChange={(event) => put(index, { output: event.target.value })}>{[...new Set([...outputs, each.output])].map((name) => <option key={name}>{name}</option>)}</select>
              <select className="gl-select gl-input--small" aria-label="Comparison" value={each.operator} onChange={(event) => put(index, { operator: event.target.value })}>{OPERATORS.map(([value, label]) => <option key={value} value={value}>{label}</option>)}</select>
              {expected.length > 1 && <IconButton icon="trash" label="Remove this line" onClick={() => setExpected(expected.filter((_, place) => place !== index))} />}
            </div>
            {!ONE_SIDED.has(each.operator) && <input className="gl-input gl-input--small" aria-label="With" value={asWritten(each.value)} onChange={(event) => put(index, { value: event.target.value })} />}
          </div>
        ))}
          <button type="button" className="gl-button gl-button--small gl-button--quiet gc-add" onClick={() => setExpected([...expected, { output: outputs[0] ?? "answer", operator: "contains", value: "" }])}><Icon name="plus" />And</button>
        </div>
      </div>
      <div className="gl-row gl-row--end"><button type="button" className="gl-button gl-button--small" onClick={onCancel}>Cancel</button><button type="submit" className="gl-button gl-button--small gl-button--primary">Save</button></div>
    </form>
  );
}

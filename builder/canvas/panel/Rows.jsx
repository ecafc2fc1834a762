// A list: rows of fields, of a name and a value, or of single values; add, remove, reorder. A row that others can name has its words beside it.
import { useEffect, useRef, useState } from "react";
import { freshId, slug } from "../core/document.js";
import { inside, moved, nameField, newRow, valueOf } from "../core/fields.js";
import { words } from "../core/form.js";
import { Icon, IconButton } from "../view/icons.jsx";
import { Field } from "./Field.jsx";
import { useForm } from "./FormContext.js";
import { Fields } from "./Settings.jsx";

/** @typedef {import("../core/document.js").FieldSpec} FieldSpec */

/** @param {{ spec: FieldSpec, rows: any[], path: string, onChange: (rows: any[]) => void }} props */
export function Rows({ spec, rows, path, onChange }) {
  const { problems, relabel } = useForm();
  const naming = nameField(spec.fields);
  const row = spec.row || "entry";
  const [open, setOpen] = useState(/** @type {string | null} */ (null));
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  const added = useRef(false);
  useEffect(() => {
    if (!added.current) return;
    added.current = false;
    focusLast(list.current);
  }, [rows.length]);
  const pairs = spec.fields.length === 2 && spec.fields[0]?.control === "identifier";
  const folded = !!naming && spec.fields.length > 2;
  const put = (/** @type {number} */ index, /** @type {any} */ value) => onChange(rows.map((each, at) => (at === index ? value : each)));
  const remove = (/** @type {number} */ index) => {
    const name = naming && rows[index]?.[naming.name];
    onChange(rows.filter((_, at) => at !== index));
    if (name) relabel(name, null);
  };
  const addRow = () => {
    const made = newRow(spec, rows);
    added.current = true;
    onChange([...rows, made]);
    if (naming) setOpen(made[naming.name]);
  };
  return (
    <div ref={list} className="gc-rows">
      {rows.map((value, index) => {
        const at = `${path}.${index}`;
        const tools = <RowTools row={row} index={index} count={rows.length} onMove={(to) => onChange(moved(rows, index, to))} onRemove={() => remove(index)} />;
        if (spec.item) return <div key={index} className="gc-row-line"><Field spec={{ ...spec.item, name: "", label: `${words(row)} ${index + 1}` }} value={value} siblings={{}} path={at} bare onChange={(next) => put(index, next)} />{tools}</div>;
        if (naming) {
          const key = value?.[naming.name] ?? "";
          return <NamedRow key={index} spec={spec} naming={naming} value={value ?? {}} rows={rows} path={at} tools={tools} wrong={inside(problems, at).length}
            open={!folded || open === key} onOpen={folded ? () => setOpen(open === key ? null : key) : undefined} onName={setOpen} onChange={(next) => put(index, next)} />;
        }
        if (pairs) {
          return <div key={index} className="gc-row-line gc-row-pair">
            {spec.fields.map((field) => <Field key={field.name} spec={field} value={valueOf(field, value ?? {})} siblings={value ?? {}} path={`${at}.${field.name}`} bare onChange={(next) => put(index, changed(value, field.name, next))} />)}{tools}
          </div>;
        }
        return <div key={index} className="gc-row">
          <div className="gc-row__head"><span className="gl-eyebrow gl-grow">{words(row)} {index + 1}</span>{tools}</div>
          <div className="gl-fields"><Fields specs={spec.fields} values={value ?? {}} path={at} onChange={(name, next) => put(index, changed(value, name, next))} /></div>
        </div>;
      })}
      <button type="button" className="gl-button gl-button--small gl-button--quiet gc-add" onClick={addRow}><Icon name="plus" />Add {article(row)}</button>
    </div>
  );
}

/**
 * A row with a name (an input, a case, a result): its words first, the name follows them until somebody wrote it by hand.
 * @param {{ spec: FieldSpec, naming: FieldSpec, value: any, rows: any[], path: string, tools: import("react").ReactNode, wrong: number, open: boolean,
 *   onOpen?: () => void, onName: (name: string) => void, onChange: (value: any) => void }} props
 */
function NamedRow({ spec, naming, value, rows, path, tools, wrong, open, onOpen, onName, onChange }) {
  const { labels, relabel } = useForm();
  const name = value[naming.name] ?? "";
  const label = labels[name]?.label ?? "";
  const help = labels[name]?.help ?? "";
  const kind = spec.fields.find((field) => field.name === "kind")?.options.find((option) => option.value === (value.kind ?? "text"))?.label;
  const renamed = (/** @type {string} */ next, /** @type {string} */ words_) => {
    if (next !== name) {
      relabel(name, null);
      onChange({ ...value, [naming.name]: next });
      onName(next);
    }
    relabel(next, { label: words_, help });
  };
  const written = (/** @type {string} */ text) => {
    const follows = !label ? new RegExp(`^${slug(spec.row || spec.name)}(_\\d+)?$`).test(name) || !name : follow(name, label);
    const taken = rows.filter((row) => row !== value).map((row) => row?.[naming.name]);
    renamed(follows && slug(text) ? freshId(taken, text) : name, text);
  };
  return (
    <div className={open ? "gc-row" : "gc-row gc-row--folded"} data-path={`${path}.${naming.name}`}>
      <div className="gc-row__head">
        {onOpen && <button type="button" className="gc-fold" aria-expanded={open} aria-label={open ? "Fold" : "Unfold"} onClick={onOpen}><Icon name={open ? "chevron-down" : "chevron-right"} size={14} /></button>}
        <input className="gl-input gl-input--small gc-row__label" maxLength={200} value={label} placeholder={words(name)} aria-label={`Label of the ${spec.row}`} onFocus={() => !open && onOpen?.()} onChange={(event) => written(event.target.value)} />
        {!open && kind && <span className="gl-faint gl-small">{kind}</span>}
        {wrong > 0 && <span className="gc-step__problems gl-status gl-tone--red">{wrong}</span>}
        {tools}
      </div>
      {open && <div className="gl-fields gc-row__body">
        <Fields specs={spec.fields} values={value} path={path} skip={naming.name} onChange={(field, next) => onChange(changed(value, field, next))} />
        {kind && <label className="gl-field"><span className="gl-label">Help <span className="gl-label__optional">shown below the field</span></span><input className="gl-input" maxLength={10000} value={help} onChange={(event) => relabel(name, { label, help: event.target.value })} /></label>}
        <NameLine name={name} taken={rows.filter((row) => row !== value).map((row) => row?.[naming.name])} onChange={(next) => { renamed(next, label); }} path={`${path}.${naming.name}`} />
      </div>}
    </div>
  );
}

/** The name in references, small because hardly anybody needs it. @param {{ name: string, taken: string[], path: string, onChange: (name: string) => void }} props */
function NameLine({ name, taken, path, onChange }) {
  const { problems } = useForm();
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const wrong = problems.find((problem) => problem.field === path);
  const next = slug(typed ?? name);
  const clash = typed !== null && taken.includes(next);
  return (
    <div className="gl-field">
      <label className="gc-name"><span className="gl-faint gl-small">Name in references</span>
        <input className="gl-input gl-input--small gl-input--mono" value={typed ?? name} spellCheck={false} maxLength={63} aria-invalid={!!wrong || clash || undefined} onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
          onBlur={() => { if (typed !== null && next && !clash && next !== name) onChange(next); setTyped(null); }} />
      </label>
      {clash && <span className="gl-error">This name is taken.</span>}
      {wrong && <span className="gl-error"><Icon name="circle-alert" size={14} />{wrong.sentence}</span>}
    </div>
  );
}

/** @param {{ row: string, index: number, count: number, onMove: (to: number) => void, onRemove: () => void }} props */
const RowTools = ({ row, index, count, onMove, onRemove }) => (
  <span className="gc-row__tools">
    {count > 1 && <IconButton icon="arrow-up" label="Move up" disabled={index === 0} onClick={() => onMove(index - 1)} />}
    {count > 1 && <IconButton icon="arrow-down" label="Move down" disabled={index === count - 1} onClick={() => onMove(index + 1)} />}
    <IconButton icon="trash" label={`Remove this ${row}`} onClick={onRemove} />
  </span>
);

/** What one came to fill in: the words of the last row, or the text in it. @param {HTMLElement | null} list */
function focusLast(list) {
  const row = [...(list?.children ?? [])].filter((each) => each.tagName === "DIV").at(-1);
  /** @type {HTMLElement | null | undefined} */
  const field = row?.querySelector(".gc-row__label, [role=textbox], input.gl-input, textarea, select");
  if (matchMedia("(hover: hover)").matches) field?.focus();
}

/** Whether a name is the label as an identifier, so that it may change with it. @param {string} name @param {string} label */
const follow = (name, label) => name.replace(/_\d+$/, "") === slug(label).replace(/_\d+$/, "");

/** @param {any} row @param {string} name @param {any} value */
function changed(row, name, value) {
  const { [name]: _, ...rest } = row ?? {};
  return value === undefined ? rest : { ...rest, [name]: value };
}

/** @param {string} noun */
const article = (noun) => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);

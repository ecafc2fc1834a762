// The items of a for-each, the rounds of a loop: a page of them, and one of them with its steps.
import { useEffect, useState } from "react";
import { calledBy, workflowAt } from "../core/called.js";
import { titleOf } from "../core/document.js";
import { duration, errorOf, itemWords, pathWords, shownStatus, statusWord } from "../core/run.js";
import { only } from "../core/selection.js";
import { Failure } from "../view/Failure.jsx";
import { Copy, Shown } from "../view/Value.jsx";
import { Icon } from "../view/icons.jsx";
import { useEditor, usePart } from "../view/useEditor.js";
import { CalledSteps } from "./Called.jsx";

const PAGE = 50;

/** @typedef {import("../core/editor.js").Reads} Reads */

/** @param {{ id: string, around: string, reads: Reads }} props */
export function Items({ id, around, reads }) {
  const editor = useEditor();
  const run = usePart((state) => state.run?.id ?? "");
  const counted = usePart((state) => state.run?.steps[id]?.items);
  const status = usePart((state) => state.run?.steps[id]?.status);
  const opened = usePart((state) => (state.item?.run === state.run?.id && state.item?.path === state.opened ? state.item : null));
  const open = usePart((state) => state.opened);
  const [failed, setFailed] = useState(false);
  const [after, setAfter] = useState(0);
  const ended = (counted?.done ?? 0) + (counted?.failed ?? 0);
  const page = usePart((state) => (state.items?.run === run && state.items?.step === id && state.items?.around === around && state.items?.failed === failed && state.items?.after === after ? state.items : null));
  const stale = page ? ended : -1; // while items end, only a page that is not full grows
  useEffect(() => {
    if (!run || (page && page.items.length >= PAGE)) return undefined;
    const timer = setTimeout(() => reads.items({ run, step: id, around, failed, after }), page ? 500 : 0);
    return () => clearTimeout(timer);
  }, [run, id, around, failed, after, stale]);
  if (open?.startsWith(around ? `${around}/${id}[` : `${id}[`)) return <Item path={open} item={opened} />;
  const show = (/** @type {boolean} */ only_) => { setFailed(only_); setAfter(0); };
  return (
    <section className="gc-result" aria-label="Items">
      <h3 className="gl-eyebrow">{counted?.kind === "round" ? "Rounds" : "Items"}</h3>
      <p className="gl-muted gl-small">{itemWords(counted, status !== "running")}</p>
      {(counted?.failed ?? 0) > 0 && (
        <div className="gl-choice" role="radiogroup" aria-label="Which">
          {[false, true].map((each) => <button key={String(each)} type="button" role="radio" aria-checked={failed === each} onClick={() => show(each)}>{each ? "Only failed" : "All"}</button>)}
        </div>
      )}
      {!page && <span className="gl-skeleton" />}
      {page && (
        <ol className="gc-items" start={after + 1}>
          {page.items.map((/** @type {any} */ each) => (
            <li key={each.path}>
              <button type="button" className={`gc-trail__step gl-status gl-status--${each.status}`} onClick={() => { editor.set({ opened: each.path }); reads.item({ run, path: each.path }); }}>
                <span className="gl-dot" /><span className="gc-items__name">{nameOf(editor, each.path)}</span>
                <span className="gl-grow gl-clip gl-muted">{each.says}</span><span className="gl-number gl-muted">{duration(each.ended - each.started)}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
      {page && !page.items.length && <p className="gl-faint">None has ended yet.</p>}
      {(after > 0 || page?.more) && (
        <div className="gl-row gl-row--apart">
          <button type="button" className="gl-button gl-button--small" disabled={!after} onClick={() => setAfter(Math.max(0, after - PAGE))}><Icon name="arrow-left" />Earlier</button>
          <span className="gl-muted gl-small">{(after + 1).toLocaleString("en")} to {(after + (page?.items.length ?? PAGE)).toLocaleString("en")}</span>
          <button type="button" className="gl-button gl-button--small" disabled={!page?.more} onClick={() => setAfter(after + PAGE)}>Later<Icon name="chevron-right" /></button>
        </div>
      )}
    </section>
  );
}

/** One item: what it came to, and each step with how it went there. @param {{ path: string, item: any }} props */
function Item({ path, item }) {
  const editor = useEditor();
  const document = usePart((state) => state.sync.document);
  const types = usePart((state) => state.types);
  const error = errorOf(item?.error);
  return (
    <section className="gc-result" aria-label={nameOf(editor, path)}>
      <div className="gl-row gl-row--apart">
        <h3 className="gl-strong">{nameOf(editor, path)}</h3>
        <button type="button" className="gl-button gl-button--small gl-button--quiet gc-back" onClick={() => editor.set({ opened: "" })}><Icon name="arrow-left" />All</button>
      </div>
      {!item && <span className="gl-skeleton" />}
      {item && <span className={`gl-badge gl-status--${item.status}`}><span className="gl-dot" />{statusWord(item.status)}</span>}
      {error && <Failure error={error} step={null} />}
      {item && !error && item.result !== null && <div className="gc-result"><h3 className="gl-eyebrow">Result <Copy value={item.result} /></h3><Shown value={item.result} /></div>}
      {item && (
        <ol className="gc-items">
          {item.steps.filter((/** @type {any} */ each) => each.status !== "skipped" && each.status !== "waiting").map((/** @type {any} */ each) => (
            <li key={each.step}>
              <button type="button" className={`gc-trail__step gl-status gl-status--${shownStatus(each)}`} onClick={() => { editor.select(only(each.step)); editor.set({ at: path, tab: "run", panel: true }); }}>
                <span className="gl-dot" /><span className="gl-grow gl-clip">{titleOf(document, each.step, types)}</span><span className="gl-number gl-muted">{duration(each.seconds)}</span>
              </button>
              <CalledSteps called={item.called} view={calledBy(item.called, workflowAt(path), each.step)} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** @param {import("../core/editor.js").Editor} editor @param {string} path */
export const nameOf = (editor, path) => pathWords(path, (step) => editor.state.types.get(editor.document.meaning.steps[step]?.type ?? "")?.container ?? "each");

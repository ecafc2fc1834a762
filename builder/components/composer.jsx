// Where a message of a chat is written: a text that grows, files beside it, Enter to send. It stands in a form, which
// sends it: the text under `name`, the ids of the files under `fileName`.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import ArrowUp from "lucide-react/dist/esm/icons/arrow-up.mjs";
import Paperclip from "lucide-react/dist/esm/icons/paperclip.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { acceptOf, misfit, send, sizeWords, takenWords } from "./files_told.js";

/**
 * @typedef {import("./files_told.js").Handle} Handle
 * @typedef {{ key: number, name: string, size: number, share: number, error: string, handle: Handle | null, stop: () => void }} Sent
 */

/**
 * `returns` counts how often a message could not be sent: then `returned` is put back. `kinds` and `endings`
 * say which files may stand beside it, `most` how many bytes one may have.
 * @param {{ name: string, label: string, fileName?: string, many?: boolean, off?: boolean, returned?: string, returns?: number, kinds?: string[], endings?: string[], most?: number }} props
 */
export function Composer({ name, label, fileName = "", many = false, off = false, returned = "", returns = 0, kinds, endings, most = 0 }) {
  const [text, setText] = useState("");
  const [sent, setSent] = useState(/** @type {Sent[]} */ ([]));
  const [over, setOver] = useState(false);
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
  const next = useRef(0);
  const seen = useRef(returns);
  const taken = { kinds, endings };
  const words = takenWords(taken, most);
  const handles = sent.flatMap((each) => each.handle ?? []);
  const coming = sent.some((each) => !each.handle && !each.error);
  const empty = !text.trim() && !handles.length;

  useLayoutEffect(() => {
    if (!box.current) return;
    box.current.style.height = "auto";
    box.current.style.height = `${box.current.scrollHeight}px`;
  }, [text]);
  useEffect(() => {
    if (returns === seen.current) return;
    seen.current = returns;
    setText((now) => now || returned);
  }, [returns, returned]);
  useEffect(() => {
    const form = box.current?.closest("form");
    const hold = (/** @type {Event} */ event) => {
      if (!empty && !coming && !off) {
        setTimeout(() => { setText(""); setSent([]); box.current?.focus(); });
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    form?.addEventListener("submit", hold, true);
    return () => form?.removeEventListener("submit", hold, true);
  }, [empty, coming, off]);

  /** @param {number} key @param {Partial<Sent>} news */
  const note = (key, news) => setSent((all) => all.map((each) => (each.key === key ? { ...each, ...news } : each)));

  /** @param {File[]} chosen */
  function bring(chosen) {
    if (!fileName) return;
    const fresh = (many ? chosen : chosen.slice(0, 1)).map((file) => ({ file, key: next.current++ }));
    const begun = fresh.map(({ file, key }) => ({ key, name: file.name, size: file.size, share: 0, error: "", handle: null, stop: () => undefined }));
    setSent((all) => [...(many ? all : []), ...begun]);
    for (const { file, key } of fresh) {
      const error = misfit(file, taken);
      if (error) {
        note(key, { error });
        continue;
      }
      void send(file, (share) => note(key, { share }), (stop) => note(key, { stop })).then(({ handle, error }) => note(key, { handle: handle ?? null, error: error ?? "" }));
    }
  }

  /** @param {import("react").KeyboardEvent<HTMLTextAreaElement>} event */
  function typed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    box.current?.form?.requestSubmit();
  }

  return (
    <div className="gl-composer" data-over={over || undefined}
      onDragOver={(event) => { if (fileName) { event.preventDefault(); setOver(true); } }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); setOver(false); bring([...event.dataTransfer.files]); }}>
      {sent.length > 0 && (
        <ul className="gl-composer__files" aria-live="polite">
          {sent.map((each) => (
            <li key={each.key} className={each.error ? "gl-composer__file gl-tone--red" : "gl-composer__file"}>
              <span className="gl-clip" title={each.name}>{each.name}</span>
              <span className="gl-faint">{each.error || (each.handle ? sizeWords(each.size) : `${Math.round(each.share * 100)} %`)}</span>
              <button type="button" className="gl-button gl-button--quiet gl-button--small gl-button--icon" aria-label={`Remove ${each.name}`} title="Remove"
                onClick={() => { each.stop(); setSent((all) => all.filter((one) => one.key !== each.key)); }}><X aria-hidden size={14} /></button>
            </li>
          ))}
        </ul>
      )}
      {fileName && <input type="hidden" name={fileName} value={many ? (handles.length ? JSON.stringify(handles.map((each) => each.id)) : "") : (handles[0]?.id ?? "")} />}
      <div className="gl-composer__row">
        {fileName && (
          <>
            <input ref={picker} type="file" multiple={many} accept={acceptOf(taken) || undefined} className="gl-hidden" tabIndex={-1} aria-label="Files of the message"
              onChange={(event) => { bring([...(event.target.files ?? [])]); event.target.value = ""; }} />
            <button type="button" className="gl-button gl-button--quiet gl-button--icon" aria-label="Attach a file" title={words ? `Attach a file: ${words}` : "Attach a file"} disabled={off} onClick={() => picker.current?.click()}><Paperclip aria-hidden size={18} /></button>
          </>
        )}
        <textarea ref={box} name={name} rows={1} value={text} aria-label={label} placeholder={label} disabled={off} className="gl-composer__text" autoComplete="off"
          onChange={(event) => setText(event.target.value)} onKeyDown={typed} />
        <button type="submit" className="gl-button gl-button--primary gl-button--icon" aria-label="Send" title={coming ? "A file is still on its way" : "Send"} disabled={off || empty || coming}><ArrowUp aria-hidden size={18} /></button>
      </div>
    </div>
  );
}

/**
 * The end of a conversation: stays in sight while the conversation grows, unless somebody reads further up. `jump`
 * changes when the end is to be shown in any case. The address of the `page` names the conversation by its `query`, so
 * that it is there again after a reload or a step back. What is read stays where it is when older messages come above
 * it: then the `first` one changes.
 * @param {{ mark: string, jump: string, first: string, page: string, query: string }} props
 */
export function Tail({ mark, jump, first, page, query }) {
  const end = useRef(/** @type {HTMLDivElement | null} */ (null));
  const before = useRef({ first, jump, height: 0 });
  useLayoutEffect(() => {
    const { first: was, jump: then, height } = before.current;
    if (was && was !== first && then === jump && end.current?.parentElement) window.scrollBy(0, end.current.parentElement.offsetHeight - height);
    before.current = { ...before.current, first, jump };
  }, [first, jump]);
  useEffect(() => {
    const room = end.current?.parentElement;
    if (!room) return undefined;
    const watch = new ResizeObserver(() => { before.current.height = room.offsetHeight; });
    watch.observe(room);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [jump]);
  useEffect(() => {
    const below = (end.current?.getBoundingClientRect().top ?? 0) - window.innerHeight;
    if (below < 240) end.current?.scrollIntoView({ block: "end" });
  }, [mark]);
  useEffect(() => {
    if (location.pathname.replace(/\/$/, "") === page) history.replaceState(history.state, "", `${page}${query}`);
  }, [page, query]);
  return <div ref={end} className="gl-chat__tail" />;
}

/**
 * A list that is folded at first where it would stand above what matters.
 * @param {{ title: string, children?: import("react").ReactNode }} props
 */
export function Folded({ title, children }) {
  const [open, setOpen] = useState(() => !matchMedia("(max-width: 62rem)").matches);
  return <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}><summary className="gl-chat__fold">{title}</summary>{children}</details>;
}

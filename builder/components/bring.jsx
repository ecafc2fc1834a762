// Files as an input of a form: chosen or dropped, each with how far it is, and taken away again. The form gets their ids.
import { useEffect, useRef, useState } from "react";
import CircleAlert from "lucide-react/dist/esm/icons/circle-alert.mjs";
import CloudUpload from "lucide-react/dist/esm/icons/cloud-upload.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { FileIcon } from "./kept.jsx";
import { acceptOf, misfit, send, sizeWords, takenWords, typeWords } from "./files_told.js";

/**
 * @typedef {import("./files_told.js").Handle} Handle
 * @typedef {{ key: number, name: string, size: number, share: number, error: string, handle: Handle | null, stop: () => void }} Sent
 */

/**
 * `given` are the files it begins with; `kinds` and `endings` say which it takes, `most` how many bytes one may have; `name` is the field of the form around it; `onChange` hears the files that have arrived.
 * @param {{ id: string, name?: string, many?: boolean, given?: Handle[], describedby?: string, invalid?: boolean, kinds?: string[], endings?: string[], most?: number, onChange?: (files: Handle[]) => void }} props
 */
export function Bring({ id, name, many = false, given = [], describedby, invalid = false, kinds, endings, most = 0, onChange }) {
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState(() => given.map((handle, at) => arrived(handle, at)));
  const [early, setEarly] = useState(false);
  const taken = { kinds, endings };
  const words = takenWords(taken, most);
  const next = useRef(given.length);
  const root = useRef(/** @type {HTMLDivElement | null} */ (null));
  const going = sent.some((each) => !each.handle && !each.error);
  const files = sent.flatMap((each) => each.handle ?? []);
  const heard = files.map((each) => each.id).join(" ");

  useEffect(() => {
    onChange?.(files);
    // only when other files have arrived: the function is a new one each time
  }, [heard]); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => {
    const form = root.current?.closest("form");
    if (!form || !going) {
      setEarly(false);
      return undefined;
    }
    const hold = (/** @type {Event} */ event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      setEarly(true);
    };
    form.addEventListener("submit", hold, true);
    return () => form.removeEventListener("submit", hold, true);
  }, [going]);

  /** @param {number} key @param {Partial<Sent>} news */
  const note = (key, news) => setSent((all) => all.map((each) => (each.key === key ? { ...each, ...news } : each)));

  /** @param {File[]} chosen */
  function bring(chosen) {
    const fresh = (many ? chosen : chosen.slice(0, 1)).map((file) => ({ file, entry: waiting(next.current++, file) }));
    setSent((all) => [...(many ? all : []), ...fresh.map(({ entry }) => entry)]);
    for (const { file, entry } of fresh) {
      const error = misfit(file, taken);
      if (error) {
        note(entry.key, { error });
        continue;
      }
      void send(file, (share) => note(entry.key, { share }), (stop) => note(entry.key, { stop })).then(({ handle, error }) => note(entry.key, { handle: handle ?? null, error: error ?? "" }));
    }
  }

  /** @param {Sent} gone */
  function remove(gone) {
    gone.stop();
    setSent((all) => all.filter((each) => each.key !== gone.key));
  }

  return (
    <div ref={root} className="gl-bring">
      {name && <input type="hidden" name={name} value={many ? (files.length ? JSON.stringify(files.map((each) => each.id)) : "") : (files[0]?.id ?? "")} />}
      {(many || !sent.length) && (
        <label htmlFor={id} className="gl-drop gl-drop--small" data-over={over || undefined} data-invalid={invalid || undefined}
          onDragOver={(event) => { event.preventDefault(); setOver(true); }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => { event.preventDefault(); setOver(false); bring([...event.dataTransfer.files]); }}>
          <CloudUpload aria-hidden />
          <span><span className="gl-drop__verb">{many ? "Choose files" : "Choose a file"}</span> or drop {many ? "them" : "it"} here</span>
          {words && <span className="gl-muted gl-small">{words}</span>}
          <input id={id} type="file" multiple={many} accept={acceptOf(taken) || undefined} className="gl-hidden" aria-invalid={invalid || undefined} aria-describedby={describedby}
            onChange={(event) => { bring([...(event.target.files ?? [])]); event.target.value = ""; }} />
        </label>
      )}
      <ul className="gl-kept" aria-live="polite">
        {sent.map((each) => (
          <li key={each.key} className={each.error ? "gl-kept__file gl-tone--red" : "gl-kept__file"}>
            {each.error ? <CircleAlert aria-hidden className="gl-kept__icon" /> : <FileIcon type={each.handle?.type ?? ""} />}
            <span className="gl-grow gl-kept__words">
              <span className="gl-strong gl-clip" title={each.name}>{each.name}</span>
              <span className="gl-muted gl-small">{each.error || (each.handle ? `${typeWords(each.handle.type)} · ${sizeWords(each.size)}` : `${Math.round(each.share * 100)} % of ${sizeWords(each.size)}`)}</span>
              {!each.handle && !each.error && <progress className="gl-meter gl-meter--wide" max={1} value={each.share} aria-label={`${each.name} is being brought`} />}
            </span>
            <button type="button" className="gl-button gl-button--quiet gl-button--small gl-button--icon" aria-label={`Remove ${each.name}`} title="Remove" onClick={() => remove(each)}><X aria-hidden size={16} /></button>
          </li>
        ))}
      </ul>
      {early && <p className="gl-help" role="status">A moment: the file is still on its way.</p>}
    </div>
  );
}

/** @param {Handle} handle @param {number} key @returns {Sent} */
const arrived = (handle, key) => ({ key, name: handle.name, size: handle.size, share: 1, error: "", handle, stop: () => undefined });

/** @param {number} key @param {File} file @returns {Sent} */
const waiting = (key, file) => ({ key, name: file.name, size: file.size, share: 0, error: "", handle: null, stop: () => undefined });

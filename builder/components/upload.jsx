// Files to bring, by a button or dropped on it: one after the other, each with how far it is and what went wrong.
import { useId, useRef, useState } from "react";
import CircleAlert from "lucide-react/dist/esm/icons/circle-alert.mjs";
import CircleCheck from "lucide-react/dist/esm/icons/circle-check.mjs";
import CloudUpload from "lucide-react/dist/esm/icons/cloud-upload.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";

/** @typedef {{ name: string, share: number, error: string, done: boolean }} Sent */

/**
 * `address` is where a file is posted as it is, with its name in the query.
 * @param {{ address: string, accept: string, hint: string, onBrought: () => void }} props
 */
export function Upload({ address, accept, hint, onBrought }) {
  const id = useId();
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState(/** @type {Sent[]} */ ([]));
  const sending = useRef(Promise.resolve());

  /** @param {number} at @param {Partial<Sent>} news */
  const note = (at, news) => setSent((all) => all.map((each, index) => (index === at ? { ...each, ...news } : each)));

  /** @param {File[]} files */
  function bring(files) {
    const first = sent.length;
    setSent((all) => [...all, ...files.map((file) => ({ name: file.name, share: 0, error: "", done: false }))]);
    for (const [index, file] of files.entries()) {
      const at = first + index;
      sending.current = sending.current.then(async () => {
        const error = await post(`${address}?name=${encodeURIComponent(file.name)}`, file, (share) => note(at, { share }));
        note(at, { error, done: !error });
        if (!error) onBrought();
      });
    }
  }

  const shown = sent.map((each, at) => ({ ...each, at })).filter((each) => !each.done);
  return (
    <div className="gl-stack gl-tight">
      <label htmlFor={id} className="gl-drop" data-over={over || undefined}
        onDragOver={(event) => { event.preventDefault(); setOver(true); }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => { event.preventDefault(); setOver(false); bring([...event.dataTransfer.files]); }}>
        <CloudUpload aria-hidden />
        <span><span className="gl-drop__verb">Choose files</span> or drop them here</span>
        <span className="gl-muted gl-small">{hint}</span>
        <input id={id} type="file" multiple accept={accept} className="gl-hidden" onChange={(event) => { bring([...(event.target.files ?? [])]); event.target.value = ""; }} />
      </label>
      <ul className="gl-sent" aria-live="polite">
        {shown.map((each) => (
          <li key={each.at} className={each.error ? "gl-sent__file gl-tone--red" : "gl-sent__file"}>
            {each.error ? <CircleAlert aria-hidden /> : <CircleCheck aria-hidden />}
            <span className="gl-grow gl-break"><strong>{each.name}</strong> {each.error || `${Math.round(each.share * 100)} %`}</span>
            {each.error && <button type="button" className="gl-toast__close" aria-label={`Dismiss ${each.name}`} onClick={() => note(each.at, { done: true })}><X aria-hidden /></button>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Sends a file; the sentence of what went wrong, empty when nothing did. @param {string} address @param {File} file @param {(share: number) => void} onShare @returns {Promise<string>} */
function post(address, file, onShare) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.upload.onprogress = (event) => event.lengthComputable && onShare(event.loaded / event.total);
    request.onload = () => resolve(request.status < 300 ? "" : told(request.responseText));
    request.onerror = () => resolve("The server cannot be reached. Try again in a moment.");
    request.send(file);
  });
}

/** @param {string} body */
function told(body) {
  try {
    const { message, hint } = JSON.parse(body).error;
    return [message, hint].filter(Boolean).join(" ");
  } catch {
    return "The server did not take it. Reload the page and try again.";
  }
}

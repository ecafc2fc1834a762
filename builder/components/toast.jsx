// What is told after an action: stays a while, longer under the pointer, and is read out without taking the focus.
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import CircleAlert from "lucide-react/dist/esm/icons/circle-alert.mjs";
import CircleCheck from "lucide-react/dist/esm/icons/circle-check.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";

const SEEN = "greenlane.toasts";
const SHOWN_MS = { good: 5_000, bad: 12_000 };

/** @typedef {{ id: string, kind: "good" | "bad", title: string, text: string }} Notice */

/**
 * What lies outside an open dialog is dimmed and dead, so they move into it: into the uppermost one, null for none.
 * @returns {HTMLElement | null}
 */
function useOpenDialog() {
  const [host, setHost] = useState(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const look = () => setHost([.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("dialog[open]"))].at(-1) ?? null);
    const watch = new MutationObserver(look);
    watch.observe(document.body, { subtree: true, attributes: true, attributeFilter: ["open"] });
    look();
    return () => watch.disconnect();
  }, []);
  return host;
}

/**
 * `notices` are the last few, each with its own id. What this tab has shown does not come again, reloaded or not.
 * @param {{ notices: Notice[] }} props
 */
export function Toasts({ notices }) {
  const [shown, setShown] = useState(/** @type {Notice[]} */ ([]));
  const host = useOpenDialog();
  const region = useRef(/** @type {HTMLDivElement | null} */ (null));

  useEffect(() => {
    if (!notices.length) return;
    /** @type {string[]} */
    const seen = JSON.parse(sessionStorage.getItem(SEEN) ?? "[]");
    sessionStorage.setItem(SEEN, JSON.stringify(notices.map((notice) => notice.id)));
    const fresh = notices.filter((notice) => !seen.includes(notice.id));
    if (fresh.length) setShown((before) => [...before, ...fresh].slice(-3));
  }, [notices]);

  /** @param {string} id */
  const close = (id) => setShown((before) => before.filter((notice) => notice.id !== id));

  // whoever opens the next dialog has gone on from what went wrong before it
  useEffect(() => {
    if (host) setShown((before) => before.filter((notice) => notice.kind === "good"));
  }, [host]);

  // a popover is drawn above everything, whatever clips or moves the dialog it is in
  useEffect(() => {
    if (shown.length) region.current?.showPopover?.();
  }, [host, shown]);

  const all = (
    <div ref={region} popover="manual" className="gl-toasts" role="region" aria-label="Notices" aria-live="polite">
      {shown.map((notice) => (
        <Toast key={notice.id} notice={notice} onClose={() => close(notice.id)} />
      ))}
    </div>
  );
  return host ? createPortal(all, host) : all;
}

/** @param {{ notice: Notice, onClose: () => void }} props */
function Toast({ notice, onClose }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onClose, SHOWN_MS[notice.kind]);
    return () => clearTimeout(timer);
  }, [held]);
  const bad = notice.kind === "bad";
  return (
    <div className={`gl-toast gl-tone--${bad ? "red" : "green"}`} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      {bad ? <CircleAlert aria-hidden /> : <CircleCheck aria-hidden />}
      <div className="gl-grow">
        <p className="gl-toast__title">{notice.title}</p>
        {notice.text && <p className="gl-muted">{notice.text}</p>}
      </div>
      <button type="button" className="gl-toast__close" aria-label="Dismiss" onClick={onClose}>
        <X aria-hidden />
      </button>
    </div>
  );
}
